package boltkv_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// BenchmarkUpdate measures durable writes of 8 KB by 64 writers, against the
// least that bbolt can do for them: one goroutine that commits what waits, with
// no closures, versions or log. Both take turns in one run, because the speed
// of a disk is not the same twice; "of_raw" is ours divided by that.
func BenchmarkUpdate(b *testing.B) {
	const writers, turn = 64, 640
	ours, raw := openBench(b), openRaw(b)
	value := make([]byte, 8000)
	var tookOurs, tookRaw time.Duration
	for done := 0; done < b.N; done += turn {
		n := min(turn, b.N-done)
		tookRaw += spread(b, writers, n, func() error { return raw.put(randomKey(), value) })
		tookOurs += spread(b, writers, n, func() error {
			_, err := ours.Update(b.Context(), func(tx kv.Tx) error { return tx.Put(randomKey(), value) })
			return err
		})
	}
	b.ReportMetric(tookRaw.Seconds()/tookOurs.Seconds(), "of_raw")
	b.ReportMetric(float64(b.N)/tookOurs.Seconds(), "commits/s")
	b.ReportMetric(float64(b.N)/tookRaw.Seconds(), "raw_commits/s")
}

// BenchmarkUpdateAlone measures one writer that waits for each commit.
func BenchmarkUpdateAlone(b *testing.B) {
	s := openBench(b)
	value := make([]byte, 8000)
	for b.Loop() {
		_, err := s.Update(b.Context(), func(tx kv.Tx) error { return tx.Put(randomKey(), value) })
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkView measures a read transaction that gets one value of 8 KB.
func BenchmarkView(b *testing.B) {
	s := openBench(b)
	_, err := s.Update(b.Context(), func(tx kv.Tx) error { return tx.Put([]byte("key"), make([]byte, 8000)) })
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		err := s.View(b.Context(), func(r kv.Reader) error { _, err := r.Get([]byte("key")); return err })
		if err != nil {
			b.Fatal(err)
		}
	}
}

func randomKey() []byte { return fmt.Appendf(nil, "key/%06d", rand.IntN(20_000)) }

// spread runs fn n times over the writers and returns how long that took.
func spread(b *testing.B, writers, n int, fn func() error) time.Duration {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(n))
	var wg sync.WaitGroup
	begin := time.Now()
	for range writers {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := fn(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}

func openBench(b *testing.B) *boltkv.Store {
	b.Helper()
	s, err := boltkv.Open(filepath.Join(b.TempDir(), "ours.db"), boltkv.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

type rawPut struct {
	key, value []byte
	done       chan error
}

// raw commits what waits on its channel, in one transaction at a time.
type raw struct{ queue chan rawPut }

func openRaw(b *testing.B) *raw {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
	if err != nil {
		b.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("data")); return err })
	if err != nil {
		b.Fatal(err)
	}
	r := &raw{queue: make(chan rawPut)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for first := range r.queue {
			r.commit(db, first)
		}
	}()
	b.Cleanup(func() {
		close(r.queue)
		<-ended
		_ = db.Close()
	})
	return r
}

func (r *raw) put(key, value []byte) error {
	done := make(chan error, 1)
	r.queue <- rawPut{key, value, done}
	return <-done
}

func (r *raw) commit(db *bolt.DB, p rawPut) {
	var group []rawPut
	err := db.Update(func(tx *bolt.Tx) error {
		for {
			group = append(group, p)
			if err := tx.Bucket([]byte("data")).Put(p.key, p.value); err != nil {
				return err
			}
			select {
			case p = <-r.queue:
			default:
				return nil
			}
		}
	})
	for _, p := range group {
		p.done <- err
	}
}
