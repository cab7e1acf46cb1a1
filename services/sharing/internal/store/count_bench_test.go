package store_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// perBatch is how many clicks on different links a batch of these benchmarks
// has, of benchLinks links.
const (
	perBatch   = 5000
	benchLinks = 100_000
)

func benchBatch(random *rand.Rand, n int) store.Clicks {
	b := store.Clicks{Request: fmt.Sprintf("%036d", n), Digest: []byte("0123456789abcdef"), Time: noon}
	for range perBatch {
		b.Clicks = append(b.Clicks, store.Click{
			Site: library, Link: fmt.Sprintf("%08x", random.IntN(benchLinks)), Day: today,
			Cell: stats.NewCell(random.Int32N(4), 1+random.Int32N(2), 1+random.Int32N(3), 0), N: 1,
		})
	}
	return b
}

// benchBatches returns batches to be counted in turn.
func benchBatches(random *rand.Rand) []store.Clicks {
	batches := make([]store.Clicks, 60)
	for n := range batches {
		batches[n] = benchBatch(random, n)
	}
	return batches
}

// processor returns the processor time that the process has used, in ns: what
// others do on the machine does not count.
func processor(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return float64(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkCount counts 5,000 clicks on different links of 100,000 at a time,
// and folds after every 60 batches, which are 15 s of
// 20,000 clicks a second. The baseline keeps a value for each link
// and day and adds to it at once.
func BenchmarkCount(b *testing.B) {
	b.Run("batch", func(b *testing.B) {
		s, _ := open(b)
		random := rand.New(rand.NewPCG(1, 2))
		batches := benchBatches(random)
		begun := processor(b)
		for n := 0; b.Loop(); n++ {
			batch := batches[n%len(batches)]
			batch.Request = fmt.Sprintf("%036d", n)
			must(b, s.Count(b.Context(), batch))
			if n%60 == 59 {
				_, err := s.Fold(b.Context())
				must(b, err)
			}
		}
		b.ReportMetric((processor(b)-begun)/float64(b.N*perBatch), "cpu-ns/click")
	})
	b.Run("value-per-link-and-day", func(b *testing.B) {
		_, records := open(b)
		random := rand.New(rand.NewPCG(1, 2))
		batches := benchBatches(random)
		begun := processor(b)
		for n := 0; b.Loop(); n++ {
			batch := batches[n%len(batches)]
			for begin := 0; begin < perBatch; begin += kv.MaxKeys - 1 {
				addEach(b, records, batch.Clicks[begin:min(begin+kv.MaxKeys-1, perBatch)])
			}
		}
		b.ReportMetric((processor(b)-begun)/float64(b.N*perBatch), "cpu-ns/click")
	})
}

// addEach adds one to the value of each link.
func addEach(b *testing.B, records kv.Store, clicks []store.Click) {
	b.Helper()
	_, err := records.Update(b.Context(), func(tx kv.Tx) error {
		for _, c := range clicks {
			key := []byte("x/" + c.Site + "/" + c.Day.String() + "/" + c.Link)
			n := uint64(0)
			if data, err := tx.Get(key); err == nil {
				n = binary.BigEndian.Uint64(data)
			}
			if err := tx.Put(key, binary.BigEndian.AppendUint64(nil, n+1)); err != nil {
				return err
			}
		}
		return nil
	})
	must(b, err)
}

// tableReader reads counts into a table, as the server does.
type tableReader struct{ stats.Table }

func (r *tableReader) Begin() { r.Table = stats.Table{By: stats.By{Link: true}} }

func (r *tableReader) EndStep(step stats.Step) { r.Table.EndStep(step.First) }

// BenchmarkCounts reads a month of a site of which all 100,000 links were
// clicked: all of them by link, one link, and all together.
func BenchmarkCounts(b *testing.B) {
	s, _ := open(b)
	random := rand.New(rand.NewPCG(1, 2))
	for n := range benchLinks * 3 / perBatch {
		must(b, s.Count(b.Context(), benchBatch(random, n)))
	}
	for did := true; did; {
		var err error
		did, err = s.Fold(b.Context())
		must(b, err)
	}
	plan := planOf(today.In(stats.UnitMonth))
	for _, test := range []struct {
		name  string
		query store.CountQuery
	}{
		{"links", store.CountQuery{Site: library, Plan: plan, ByLink: true}},
		{"link", store.CountQuery{Site: library, Plan: plan, Links: []string{"00001234"}}},
		{"site", store.CountQuery{Site: library, Plan: plan}},
	} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				must(b, s.Counts(b.Context(), test.query, &tableReader{}))
			}
		})
	}
}
