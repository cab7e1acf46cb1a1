package store_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
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

// BenchmarkCount counts 5,000 clicks on different links of 100,000 at a time,
// and folds after every 40 batches. The baseline keeps a value for each link
// and day and adds to it at once.
func BenchmarkCount(b *testing.B) {
	b.Run("batch", func(b *testing.B) {
		s, _ := open(b)
		random := rand.New(rand.NewPCG(1, 2))
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			batch := benchBatch(random, n)
			b.StartTimer()
			must(b, s.Count(b.Context(), batch))
			if n%40 == 39 {
				_, err := s.Fold(b.Context())
				must(b, err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*perBatch), "ns/click")
	})
	b.Run("value-per-link-and-day", func(b *testing.B) {
		_, records := open(b)
		random := rand.New(rand.NewPCG(1, 2))
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			batch := benchBatch(random, n)
			b.StartTimer()
			for begin := 0; begin < perBatch; begin += kv.MaxKeys - 1 {
				addEach(b, records, batch.Clicks[begin:min(begin+kv.MaxKeys-1, perBatch)])
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*perBatch), "ns/click")
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

// BenchmarkCountable looks up 5,000 links of 100,000.
func BenchmarkCountable(b *testing.B) {
	s, records := open(b)
	for begin := 0; begin < benchLinks; begin += 60 {
		_, err := records.Update(b.Context(), func(tx kv.Tx) error {
			for i := begin; i < min(begin+60, benchLinks); i++ {
				if err := tx.Put(fmt.Appendf(nil, "link/%08x", i), make([]byte, 120)); err != nil {
					return err
				}
			}
			return nil
		})
		must(b, err)
	}
	batch := benchBatch(rand.New(rand.NewPCG(1, 2)), 0)
	ids := make([]string, perBatch)
	for i, c := range batch.Clicks {
		ids[i] = c.Link
	}
	for b.Loop() {
		_, err := s.Countable(b.Context(), library, ids)
		must(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*perBatch), "ns/click")
}
