package hub_test

import (
	"iter"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

// TestDamage tells those who follow an article that cannot be read why, and
// leaves watchers of other sites alone.
func TestDamage(t *testing.T) {
	w := newWorld(t, hub.Limits{}, "alfa", "beta")
	begin := w.version()
	follow := func(site string) func() (*hub.Event, error, bool) {
		next, stop := iter.Pull2(w.hub.Follow(t.Context(), hub.Scope{Site: site, View: hub.Working}, begin, time.Hour))
		t.Cleanup(stop)
		return next
	}
	whole := w.piece("beta", "a")
	if err := whole.save(); err != nil {
		t.Fatal(err)
	}
	beta, all := follow("beta"), follow("-")
	wantRevision(t, beta, 1)
	wantRevision(t, all, 1)
	_, err := w.kv.Update(t.Context(), func(tx kv.Tx) error {
		if err := tx.Put([]byte("state/alfa/a"), []byte("no record")); err != nil {
			return err
		}
		return tx.Emit([]byte("article/alfa/a"), []byte{byte(updated), byte(updated)})
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.save(); err != nil {
		t.Fatal(err)
	}
	wantRevision(t, beta, 2)
	for name, next := range map[string]func() (*hub.Event, error, bool){"all sites": all, "its site": follow("alfa")} {
		if _, err, _ := next(); !fault.Has(err, faultv1.Reason_REASON_STORE_DAMAGED) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestClosed ends watchers when the store is closed.
func TestClosed(t *testing.T) {
	w := newWorld(t, hub.Limits{}, "alfa")
	next, stop := iter.Pull2(w.hub.Follow(t.Context(), public, w.version(), time.Millisecond))
	defer stop()
	if e, err, _ := next(); err != nil || e.Frame != nil {
		t.Fatalf("got %v, %v", e, err)
	}
	if err := w.kv.Close(); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err, _ := next(); err != nil {
			if !fault.Has(err, faultv1.Reason_REASON_STORE_UNAVAILABLE) {
				t.Errorf("got %v", err)
			}
			return
		}
	}
}
