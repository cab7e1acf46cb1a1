package boltkv_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

func transactions(t *testing.T, s *boltkv.Store) int {
	t.Helper()
	n, err := s.Transactions()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWritersShareCommits(t *testing.T) {
	const writers, each = 64, 8
	s := open(t, filepath.Join(t.TempDir(), "group.db"), boltkv.Options{})
	before := transactions(t, s)
	var mu sync.Mutex
	versions := map[kv.Version]bool{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				v, err := s.Update(t.Context(), putAndEmit(fmt.Sprintf("%d/%d", w, i)))
				if err != nil {
					t.Errorf("Update: %v", err)
				}
				mu.Lock()
				versions[v] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	n := transactions(t, s) - before
	t.Logf("%d commits in %d bbolt transactions", writers*each, n)
	if n > writers*each/4 {
		t.Errorf("%d commits took %d bbolt transactions, want them shared", writers*each, n)
	}
	if len(versions) != writers*each {
		t.Errorf("%d commits got %d versions, want one each", writers*each, len(versions))
	}
}

func TestOnlyWritesCommit(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "idle.db"), boltkv.Options{})
	before := transactions(t, s)
	for range 3 {
		_, err := s.Update(t.Context(), func(tx kv.Tx) error { _, err := tx.Get([]byte("k")); return err })
		if !errors.Is(err, kv.ErrNotFound) {
			t.Fatal(err)
		}
		if _, err := s.Update(t.Context(), func(kv.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if n := transactions(t, s) - before; n != 0 {
		t.Errorf("transactions without writes made %d bbolt transactions", n)
	}
}

func TestNestedUpdateIsRefused(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "nested.db"), boltkv.Options{Stall: 20 * time.Millisecond})
	_, err := s.Update(t.Context(), func(kv.Tx) error {
		_, err := s.Update(t.Context(), putAndEmit("inner"))
		return err
	})
	if !errors.Is(err, kv.ErrStalled) {
		t.Errorf("Update inside Update: %v, want ErrStalled", err)
	}
	if _, err := s.Update(t.Context(), putAndEmit("later")); err != nil {
		t.Errorf("Update after a nested one: %v", err)
	}
	has(t, s, "later")
}

// TestLogIsTrimmedInSteps shrinks a long log by reopening with a small limit.
func TestLogIsTrimmedInSteps(t *testing.T) {
	const commits, each, step = 40, 50, 192 + 64
	path := filepath.Join(t.TempDir(), "log.db")
	s := open(t, path, boltkv.Options{})
	topics := func(tx kv.Tx) error {
		for i := range each {
			if err := tx.Emit(fmt.Appendf(nil, "t%d", i), []byte("ref")); err != nil {
				return err
			}
		}
		return nil
	}
	for range commits {
		if _, err := s.Update(t.Context(), topics); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	limits := []struct {
		name string
		log  kv.LogLimits
		stay int
	}{
		{"entries", kv.LogLimits{Entries: 1000}, 1000},
		{"bytes", kv.LogLimits{Bytes: 400 * 22}, 400},
		{"age", kv.LogLimits{Age: time.Millisecond}, each},
	}
	for _, l := range limits {
		s := open(t, path, boltkv.Options{Log: l.log})
		last := entries(t, s)
		for range 2 * commits {
			if _, err := s.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) }); err != nil {
				t.Fatal(err)
			}
			n := entries(t, s)
			if last-n > step {
				t.Errorf("%s: one commit trimmed %d entries, want at most %d", l.name, last-n, step)
			}
			last = n
		}
		if last > l.stay || last < l.stay-each && l.name != "age" {
			t.Errorf("%s: %d entries stay, want about %d", l.name, last, l.stay)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// entries returns the length of the log and wants its records to be true.
func entries(t *testing.T, s *boltkv.Store) int {
	t.Helper()
	recorded, counted, err := s.LogEntries()
	if err != nil || recorded != counted {
		t.Fatalf("the log records %d entries and has %d, %v", recorded, counted, err)
	}
	return recorded
}

func TestSnapshotOpens(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "store.db"), boltkv.Options{Format: kv.Format{Number: 1}})
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	begun := make(chan struct{})
	wg.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			// Both keys always hold the same number.
			_, err := s.Update(ctx, func(tx kv.Tx) error {
				return errors.Join(tx.Put([]byte("a"), fmt.Append(nil, i)), tx.Put([]byte("b"), fmt.Append(nil, i)), tx.Emit([]byte("t"), nil))
			})
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("Update: %v", err)
			}
			if i == 3 {
				close(begun)
			}
		}
	})
	<-begun
	for i := range 3 {
		var b bytes.Buffer
		if err := s.Snapshot(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("copy%d.db", i))
		write(t, path, b.Bytes())
		checkCopy(t, open(t, path, boltkv.Options{Format: kv.Format{Number: 1}}))
	}
	stop()
	wg.Wait()
	failing := writerFunc(func([]byte) (int, error) { return 0, errors.ErrUnsupported })
	if err := s.Snapshot(t.Context(), failing); err == nil {
		t.Error("Snapshot into a writer that fails succeeded")
	}
}

// checkCopy wants a consistent store that can be read, watched and written.
func checkCopy(t *testing.T, s *boltkv.Store) {
	t.Helper()
	err := s.View(t.Context(), func(r kv.Reader) error {
		a, errA := r.Get([]byte("a"))
		b, errB := r.Get([]byte("b"))
		if !bytes.Equal(a, b) {
			t.Errorf("the copy has a = %s, b = %s", a, b)
		}
		return errors.Join(errA, errB)
	})
	if err != nil {
		t.Error(err)
	}
	wantFirstBatch(t, s, 1, nil)
	if _, err := s.Update(t.Context(), putAndEmit("more")); err != nil {
		t.Error(err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
