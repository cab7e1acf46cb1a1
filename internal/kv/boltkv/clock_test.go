package boltkv_test

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// TestDefaultTimes lets the clock of a bubble run: heartbeats come every two
// seconds, and the log reaches back 14 days.
func TestDefaultTimes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path, boltkv.Options{})
		update := func() kv.Version {
			v, err := s.Update(t.Context(), putAndEmit("k"))
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		first := update()
		begin := time.Now()
		beats := 0
		for b, err := range s.Watch(t.Context(), nil, first) {
			if err != nil || len(b.Changes) > 0 || b.Through != first {
				t.Fatalf("Watch = %v, %v; want a heartbeat", b, err)
			}
			if beats++; beats == 6 {
				break
			}
		}
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("five heartbeats after the first batch took %v, want 10 s", took)
		}
		<-time.After(13 * 24 * time.Hour)
		second := update()
		wantFirstBatch(t, s, 0, nil)
		<-time.After(25 * time.Hour)
		update()
		wantFirstBatch(t, s, 0, kv.ErrExpired)
		wantFirstBatch(t, s, first, nil)
		if second <= first {
			t.Errorf("versions %d, then %d", first, second)
		}
	})
}
