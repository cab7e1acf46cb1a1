package boltkv_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/kv/kvtest"
)

const heartbeat = 20 * time.Millisecond

func TestConformance(t *testing.T) {
	paths := map[kv.Store]string{}
	reopened := func(t *testing.T, path string, o boltkv.Options) kv.Store {
		t.Helper()
		s := open(t, path, o)
		paths[s] = path
		return s
	}
	o := boltkv.Options{Heartbeat: heartbeat}
	kvtest.Suite{
		Open: func(t *testing.T) kv.Store {
			t.Helper()
			return reopened(t, filepath.Join(t.TempDir(), "test.db"), o)
		},
		Reopen: func(t *testing.T, s kv.Store) kv.Store {
			t.Helper()
			if err := s.Close(); err != nil {
				t.Fatalf("Close: %v", err)
			}
			return reopened(t, paths[s], o)
		},
		OpenShort: func(t *testing.T, entries int) kv.Store {
			t.Helper()
			o := o
			o.Log.Entries = entries
			return reopened(t, filepath.Join(t.TempDir(), "short.db"), o)
		},
	}.Run(t)
}

// open opens the store at path and closes it when the test ends.
func open(t *testing.T, path string, o boltkv.Options) *boltkv.Store {
	t.Helper()
	s, err := boltkv.Open(path, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}
