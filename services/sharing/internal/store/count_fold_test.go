package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// failing is a store of which the n-th transaction from now fails after it was
// committed, or before.
type failing struct {
	kv.Store
	left, after int
}

var errFailed = fmt.Errorf("the process is killed")

func (f *failing) Update(ctx context.Context, fn func(kv.Tx) error) (kv.Version, error) {
	f.left--
	if f.left > 0 || f.left < 0 {
		return f.Store.Update(ctx, fn)
	}
	if f.after == 0 {
		return 0, errFailed
	}
	if v, err := f.Store.Update(ctx, fn); err != nil {
		return v, err
	}
	return 0, errFailed
}

// TestFoldBreaks ends folding before and after each of its transactions; who
// comes next finishes it, and nothing is lost or doubled meanwhile.
func TestFoldBreaks(t *testing.T) {
	for _, after := range []int{0, 1} {
		for at := 1; ; at += 4 {
			_, records := open(t)
			random := rand.New(rand.NewPCG(5, 6))
			model := make(ledger)
			broken := &failing{Store: records, after: after}
			s := store.New(broken)
			for range 4 {
				b := randomBatch(random, 200)
				must(t, s.Count(t.Context(), b))
				model.take(b)
			}
			broken.left = at
			_, err := s.Fold(t.Context())
			if err == nil {
				if at < 9 {
					t.Fatalf("folding took only %d transactions", at)
				}
				break
			}
			late := randomBatch(random, 50)
			must(t, s.Count(t.Context(), late))
			model.take(late)
			wantCounts(t, s, model)
			for range 2 {
				if _, err := s.Fold(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			wantCounts(t, s, model)
		}
	}
}

// TestCountTogether has two instances that count, retry and fold at the same
// time over one store.
func TestCountTogether(t *testing.T) {
	_, records := open(t)
	model := make(ledger)
	var mu sync.Mutex
	var group sync.WaitGroup
	for worker := range 6 {
		s := store.New(records)
		group.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(worker)))
			for range 15 {
				b := randomBatch(random, 60)
				mu.Lock()
				model.take(b)
				mu.Unlock()
				for range 2 {
					if err := s.Count(t.Context(), b); err != nil {
						t.Error(err)
					}
				}
				if _, err := s.Fold(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	wantCounts(t, store.New(records), model)
}
