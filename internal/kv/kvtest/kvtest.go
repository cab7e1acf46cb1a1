// Package kvtest is the conformance suite of kv: what every backend promises,
// as sub-tests that run against a fresh store each.
package kvtest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// patience bounds every wait for something that must happen; only a failing
// test waits that long.
const patience = 30 * time.Second

// Suite is what a backend gives to be tested.
type Suite struct {
	// Open returns a fresh, empty store with short heartbeats (tens of
	// milliseconds). The suite closes it; a second Close does nothing.
	Open func(t *testing.T) kv.Store
	// Reopen closes the store and opens its data again. Nil if data does not
	// outlive a store; the sub-tests that need it are then skipped.
	Reopen func(t *testing.T, s kv.Store) kv.Store
	// OpenShort returns a fresh store that keeps about the given number of
	// change-log entries. Nil skips the sub-tests of expiry.
	OpenShort func(t *testing.T, entries int) kv.Store
}

type test struct {
	name string
	run  func(t *testing.T, s kv.Store)
}

// Run runs the suite on fresh stores given by open, without the sub-tests that
// need more than that.
func Run(t *testing.T, open func(t *testing.T) kv.Store) {
	t.Helper()
	Suite{Open: open}.Run(t)
}

// Run runs every sub-test.
func (x Suite) Run(t *testing.T) {
	t.Helper()
	for _, group := range [][]test{
		transactionTests(), serialTests(), scanTests(), watchTests(), modelTests(), limitTests(), lifetimeTests(),
	} {
		for _, test := range group {
			t.Run(test.name, func(t *testing.T) {
				s := x.Open(t)
				defer closeStore(t, s)
				test.run(t, s)
			})
		}
	}
	t.Run("reopen keeps data", x.reopenKeepsData)
	t.Run("reopen keeps the log", x.reopenKeepsLog)
	t.Run("expired version", x.expiredVersion)
	t.Run("watcher overtaken by trimming", x.overtakenWatcher)
}

func closeStore(t *testing.T, s kv.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// put commits the given keys and values.
func put(t *testing.T, s kv.Store, pairs ...string) kv.Version {
	t.Helper()
	return update(t, s, func(tx kv.Tx) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := tx.Put([]byte(pairs[i]), []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	})
}

// emit commits one transaction that emits the topics with ref.
func emit(t *testing.T, s kv.Store, ref string, topics ...string) kv.Version {
	t.Helper()
	return update(t, s, func(tx kv.Tx) error {
		for _, topic := range topics {
			if err := tx.Emit([]byte(topic), []byte(ref)); err != nil {
				return err
			}
		}
		return nil
	})
}

func update(t *testing.T, s kv.Store, fn func(kv.Tx) error) kv.Version {
	t.Helper()
	v, err := s.Update(t.Context(), fn)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	return v
}

// get returns the value of key, or "(none)".
func get(t *testing.T, s kv.Store, key string) string {
	t.Helper()
	value := "(none)"
	err := s.View(t.Context(), func(r kv.Reader) error {
		v, err := r.Get([]byte(key))
		if errors.Is(err, kv.ErrNotFound) {
			return nil
		}
		if err == nil {
			value = string(v)
		}
		return err
	})
	if err != nil {
		t.Fatalf("View: %v", err)
	}
	return value
}

// scanned returns what r yields as "key=value".
func scanned(r kv.Reader, rng kv.Range) ([]string, error) {
	got := []string{}
	for e, err := range r.Scan(rng) {
		if err != nil {
			return got, err
		}
		got = append(got, fmt.Sprintf("%s=%s", e.Key, e.Value))
	}
	return got, nil
}

// changes watches until n changes have come and returns them as
// "topic=ref", with the version reached.
func changes(t *testing.T, s kv.Store, prefix string, after kv.Version, n int) ([]string, kv.Version) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got := []string{}
	through := after
	for b, err := range s.Watch(ctx, []byte(prefix), after) {
		if err != nil {
			t.Fatalf("Watch(%q, %d): %v after %d of %d changes", prefix, after, err, len(got), n)
		}
		for _, c := range b.Changes {
			got = append(got, fmt.Sprintf("%s=%s", c.Topic, c.Ref))
		}
		if through = b.Through; len(got) >= n {
			break
		}
	}
	return got, through
}

// wantErr fails unless errors.Is(err, want).
func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}
