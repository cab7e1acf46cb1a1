//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func lifetimeTests() []test {
	return []test{
		{"a canceled context ends everything", canceledBefore},
		{"a context canceled inside a transaction", canceledInside},
		{"a context canceled in the queue", canceledInQueue},
		{"a canceled watch", canceledWatch},
		{"use after close", useAfterClose},
		{"close ends watches", closeEndsWatches},
		{"close under load", closeUnderLoad},
	}
}

func canceledBefore(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ran := false
	wantErr(t, "View", s.View(ctx, func(kv.Reader) error { ran = true; return nil }), context.Canceled)
	_, err := s.Update(ctx, func(kv.Tx) error { ran = true; return nil })
	wantErr(t, "Update", err, context.Canceled)
	_, err = s.Version(ctx)
	wantErr(t, "Version", err, context.Canceled)
	wantErr(t, "Snapshot", s.Snapshot(ctx, io.Discard), context.Canceled)
	ended := false
	for _, err := range s.Watch(ctx, nil, 0) {
		wantErr(t, "Watch", err, context.Canceled)
		ended = true
	}
	if ran || !ended {
		t.Errorf("a closure ran: %v, the watch gave its error: %v", ran, ended)
	}
}

func canceledInside(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2")
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Update(ctx, func(tx kv.Tx) error {
		err := tx.Put([]byte("a"), []byte("2"))
		cancel()
		_, get := tx.Get([]byte("a"))
		wantErr(t, "Tx.Get", get, context.Canceled)
		return err
	})
	wantErr(t, "Update", err, context.Canceled)
	if got := get(t, s, "a"); got != "1" {
		t.Errorf("a = %q, want nothing written", got)
	}
	ctx, cancel = context.WithCancel(t.Context())
	err = s.View(ctx, func(r kv.Reader) error {
		for _, err := range r.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
			cancel()
		}
		return nil
	})
	wantErr(t, "Scan", err, context.Canceled)
}

func canceledInQueue(t *testing.T, s kv.Store) {
	inside, release := make(chan struct{}), make(chan struct{})
	var once, open sync.Once
	var wg sync.WaitGroup
	wg.Go(func() {
		_, err := s.Update(t.Context(), func(tx kv.Tx) error {
			once.Do(func() { close(inside) })
			<-release
			return tx.Put([]byte("slow"), nil)
		})
		if err != nil {
			t.Errorf("Update: %v", err)
		}
	})
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	wg.Go(func() {
		// A backend that does not queue has committed this before the cancel.
		defer open.Do(func() { close(release) })
		if _, err := s.Update(ctx, func(tx kv.Tx) error { return tx.Put([]byte("queued"), nil) }); err != nil {
			wantErr(t, "Update", err, context.Canceled)
		}
	})
	cancel()
	wg.Wait()
	if got := get(t, s, "slow"); got != "" {
		t.Errorf("slow = %q, want it written", got)
	}
}

func canceledWatch(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	batches := 0
	var last error
	for _, err := range s.Watch(ctx, nil, 0) {
		batches++
		last = err
		cancel()
	}
	if batches < 2 {
		t.Errorf("Watch ended after %d batches, want one and then the error", batches)
	}
	wantErr(t, "Watch", last, context.Canceled)
}

func useAfterClose(t *testing.T, s kv.Store) {
	put(t, s, "a", "1")
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
	ran := false
	wantErr(t, "View", s.View(t.Context(), func(kv.Reader) error { ran = true; return nil }), kv.ErrClosed)
	_, err := s.Update(t.Context(), func(kv.Tx) error { ran = true; return nil })
	wantErr(t, "Update", err, kv.ErrClosed)
	_, err = s.Version(t.Context())
	wantErr(t, "Version", err, kv.ErrClosed)
	wantErr(t, "Snapshot", s.Snapshot(t.Context(), io.Discard), kv.ErrClosed)
	ended := false
	for _, err := range s.Watch(t.Context(), nil, 0) {
		wantErr(t, "Watch", err, kv.ErrClosed)
		ended = true
	}
	if ran || !ended {
		t.Errorf("a closure ran: %v, the watch gave its error: %v", ran, ended)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func closeEndsWatches(t *testing.T, s kv.Store) {
	var started, wg sync.WaitGroup
	started.Add(racers)
	for range racers {
		wg.Go(func() {
			first := sync.OnceFunc(started.Done)
			var last error
			for _, err := range s.Watch(t.Context(), nil, 0) {
				first()
				last = err
			}
			wantErr(t, "Watch", last, kv.ErrClosed)
		})
	}
	started.Wait()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	wg.Wait()
}

// closeUnderLoad closes while others read and write: each call either works
// or says ErrClosed.
func closeUnderLoad(t *testing.T, s kv.Store) {
	var wg sync.WaitGroup
	begun := make(chan struct{}, racers)
	for w := range racers {
		wg.Go(func() {
			for i := 0; ; i++ {
				_, err := s.Update(t.Context(), func(tx kv.Tx) error { return tx.Put(fmt.Appendf(nil, "%d/%d", w, i), nil) })
				if err == nil {
					err = s.View(t.Context(), func(r kv.Reader) error { _, err := scanned(r, kv.Range{Limit: 10}); return err })
				}
				if i == 0 {
					begun <- struct{}{}
				}
				if errors.Is(err, kv.ErrClosed) {
					return
				}
				if err != nil {
					t.Errorf("while closing: %v", err)
					return
				}
			}
		})
	}
	for range racers {
		<-begun
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	wg.Wait()
}
