package hub_test

import (
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

var public = hub.Scope{Site: "-", View: hub.Published}

// TestLag is overtaken by a ring of four events, at once and after lagging for
// longer than anybody has patience.
func TestLag(t *testing.T) {
	for _, c := range []struct {
		name string
		lag  time.Duration
		cut  bool
	}{{"a burst", 0, false}, {"just patient enough", 10 * time.Second, false}, {"too slow", 10*time.Second + 1, true}} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, hub.Limits{Events: 4, Patience: 10 * time.Second}, "alfa")
			p := w.piece("alfa", "a")
			next, stop := iter.Pull2(w.hub.Follow(t.Context(), public, w.version(), time.Minute))
			defer stop()
			through := uint64(0)
			hear := func(revisions ...int64) {
				t.Helper()
				for _, want := range revisions {
					through = wantRevision(t, next, want)
				}
			}
			write := func(n int) {
				t.Helper()
				for range n {
					if err := p.publish(); err != nil {
						t.Fatal(err)
					}
					synctest.Wait() // until the feed has it
				}
			}
			live := func(revision int64) { // writes while it waits
				t.Helper()
				wrote := make(chan error)
				go func() {
					synctest.Wait() // or it would find the event in the log
					wrote <- p.publish()
				}()
				hear(revision)
				if err := <-wrote; err != nil {
					t.Fatal(err)
				}
			}
			live(1)
			write(1) // which it does not read
			<-time.After(c.lag)
			write(5)
			if !c.cut {
				hear(7, 7, 7, 7, 7, 7) // as it is by now
				live(8)
				return
			}
			_, err, _ := next()
			if !fault.Has(err, faultv1.Reason_REASON_WATCHER_TOO_SLOW) || w.hub.Stats().TooSlow != 1 {
				t.Errorf("%s: got %v", c.name, err)
			}
			next, stop = iter.Pull2(w.hub.Follow(t.Context(), public, through, time.Minute))
			defer stop()
			hear(7, 7, 7, 7, 7, 7)
		})
	}
}

func wantRevision(t *testing.T, next func() (*hub.Event, error, bool), want int64) (through uint64) {
	t.Helper()
	e, err, _ := next()
	if err != nil {
		t.Fatal(err)
	}
	m := &articlev1.WatchArticlesResponse{}
	if err := proto.Unmarshal(e.Frame, m); err != nil {
		t.Fatal(err)
	}
	if m.GetArticle().GetRevision() != want {
		t.Fatalf("got %v, want revision %d", m, want)
	}
	return e.Through
}

// TestHeartbeat tells quiet watchers where they stand, after what others did.
func TestHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, hub.Limits{}, "alfa", "beta")
		began := time.Now()
		next, stop := iter.Pull2(w.hub.Follow(t.Context(), hub.Scope{Site: "beta"}, w.version(), 5*time.Second))
		defer stop()
		for beat := range 3 {
			p := w.piece("alfa", "a")
			p.name.ID += string(rune('0' + beat))
			if err := p.publish(); err != nil {
				t.Fatal(err)
			}
			newest := w.version()
			e, err, _ := next()
			if err != nil || e.Frame != nil || e.Through != newest {
				t.Fatalf("got %v, %v", e, err)
			}
			if got, want := time.Since(began), time.Duration(beat+1)*5*time.Second; got != want {
				t.Errorf("beat %d after %s, want %s", beat, got, want)
			}
		}
	})
}

// TestFuture brings a position that the store has not reached, as after a copy
// of it was restored.
func TestFuture(t *testing.T) {
	w := newWorld(t, hub.Limits{}, "alfa")
	for _, err := range w.hub.Follow(t.Context(), public, w.version()+1, time.Minute) {
		if !fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) {
			t.Errorf("got %v", err)
		}
		break
	}
	if stats := w.hub.Stats(); stats.Watchers != 0 {
		t.Errorf("got %+v", stats)
	}
}
