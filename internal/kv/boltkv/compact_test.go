package boltkv_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

const secret = "Vardenis Pavardenis"

// keepAndForget stores entries, a change-log entry and a secret, replaces the
// secret, and returns the version before the last commit.
func keepAndForget(t *testing.T, s *boltkv.Store) kv.Version {
	t.Helper()
	var version kv.Version
	for i, value := range []string{"kept", secret, strings.Repeat(secret, 1000), "…"} {
		v, err := s.Update(t.Context(), func(tx kv.Tx) error {
			if err := tx.Put([]byte("changed"), []byte(value)); err != nil {
				return err
			}
			for j := range 40 {
				if err := tx.Put(fmt.Appendf(nil, "entry/%d/%d", i, j), bytes.Repeat([]byte("x"), 2000)); err != nil {
					return err
				}
			}
			return tx.Emit([]byte("topic"), []byte(fmt.Sprint(i)))
		})
		if err != nil {
			t.Fatal(err)
		}
		if i < 3 {
			version = v
		}
	}
	return version
}

func fileHas(t *testing.T, path, text string) bool {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(content, []byte(text))
}

// TestCompact forgets bytes for good at the opening after the one in which that
// was asked for, and nothing else.
func TestCompact(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path, boltkv.Options{})
	before := keepAndForget(t, s)
	if err := s.WantCompaction(t.Context()); err != nil {
		t.Fatal(err)
	}
	version, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !fileHas(t, path, secret) {
		t.Fatal("bbolt left nothing to remove, so this tests nothing")
	}

	s = open(t, path, boltkv.Options{})
	if o := s.Opened(); o.Compacted.Before == 0 || o.CompactError != nil {
		t.Errorf("opened %v", o)
	}
	if fileHas(t, path, secret) {
		t.Error("the secret is still in the file")
	}
	if v, err := s.Version(t.Context()); err != nil || v != version {
		t.Errorf("got version %d, %v, want %d", v, err, version)
	}
	for batch, err := range s.Watch(t.Context(), []byte("topic"), before) {
		if err != nil || len(batch.Changes) != 1 || string(batch.Changes[0].Ref) != "3" {
			t.Errorf("watched %v, %v", batch, err)
		}
		break
	}
	err = s.View(t.Context(), func(r kv.Reader) error {
		found := 0
		for _, err := range r.Scan(kv.Prefix([]byte("entry/"))) {
			if err != nil {
				return err
			}
			found++
		}
		if found != 160 {
			t.Errorf("%d entries are left", found)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	keepAndForget(t, s) // it takes writes
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if o := open(t, path, boltkv.Options{}).Opened(); o.Compacted.Before != 0 {
		t.Errorf("compacted again: %v", o)
	}
}

// TestCompactFails opens the store although it cannot be compacted, says so,
// and does it the next time.
func TestCompactFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.db")
	s := open(t, path, boltkv.Options{})
	keepAndForget(t, s)
	if err := s.WantCompaction(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	inTheWay := filepath.Join(path+".compacting", "file")
	if err := os.MkdirAll(filepath.Dir(inTheWay), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, boltkv.Options{})
	if o := s.Opened(); o.CompactError == nil || !strings.Contains(o.String(), "could not be compacted") {
		t.Errorf("opened %v", o)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Dir(inTheWay)); err != nil {
		t.Fatal(err)
	}
	if o := open(t, path, boltkv.Options{}).Opened(); o.CompactError != nil || o.Compacted.Before == 0 {
		t.Errorf("opened %v", o)
	}
	if fileHas(t, path, secret) {
		t.Error("the secret is still in the file")
	}
}
