package boltkv_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// ctx is for children, which have no test.
func ctx() context.Context { return context.Background() }

func TestLockedByAnotherProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "locked.db")
	cmd, stdin, stdout := child(t, "hold", path)
	if line, err := stdout.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("child said %q, %v", line, err)
	}
	_, err := boltkv.Open(path, boltkv.Options{Timeout: 50 * time.Millisecond})
	locked, ok := errors.AsType[*kv.LockedError](err)
	if !ok || locked.Path != path {
		t.Errorf("Open of a locked store: %v, want a LockedError", err)
	}
	if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
		t.Fatal(err)
	}
	open(t, path, boltkv.Options{})
}

func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "full.db")
	cmd, _, _ := child(t, "full", path)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("child: %v", err)
	}
	s := open(t, path, boltkv.Options{})
	has(t, s, "space again")
}

// TestKillDrill kills a writing process at any moment and wants back what it
// acknowledged. SKAITYKLA_SOAK gives the number of rounds.
func TestKillDrill(t *testing.T) {
	rounds := 3
	if soak := os.Getenv("SKAITYKLA_SOAK"); soak != "" {
		n, err := strconv.Atoi(soak)
		if err != nil {
			t.Fatalf("SKAITYKLA_SOAK must be a number of rounds: %v", err)
		}
		rounds = n
	}
	path := filepath.Join(t.TempDir(), "killed.db")
	var acknowledged []string
	for round := range rounds {
		keys := killWriter(t, path, 20+37*(round%7))
		acknowledged = append(acknowledged, keys...)
		checkKilled(t, path, acknowledged)
	}
	t.Logf("%d rounds, %d acknowledged writes", rounds, len(acknowledged))
}

// killWriter lets a child write until it has acknowledged n keys, kills it,
// and returns all keys that it acknowledged before it died.
func killWriter(t *testing.T, path string, n int) []string {
	t.Helper()
	cmd, _, stdout := child(t, "write", path)
	var keys []string
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		keys = append(keys, lines.Text())
		if len(keys) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("child ended with %v after %d keys, want it killed", err, len(keys))
	}
	return keys
}

// checkKilled wants every key in the data and in the change log.
func checkKilled(t *testing.T, path string, keys []string) {
	t.Helper()
	s, err := boltkv.Open(path, boltkv.Options{Timeout: 10 * time.Second})
	if err != nil {
		t.Fatalf("Open after a kill: %v", err)
	}
	has(t, s, keys...)
	emitted := map[string]bool{}
	v, err := s.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for b, err := range s.Watch(t.Context(), nil, 0) {
		if err != nil {
			t.Fatalf("Watch after a kill: %v", err)
		}
		for _, c := range b.Changes {
			emitted[string(c.Topic)] = true
		}
		if b.Through >= v {
			break
		}
	}
	for _, key := range keys {
		if !emitted[key] {
			t.Errorf("the change log lost %s", key)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// has wants every key with the value that putAndEmit gives it.
func has(t *testing.T, s *boltkv.Store, keys ...string) {
	t.Helper()
	err := s.View(t.Context(), func(r kv.Reader) error {
		var errs []error
		for _, key := range keys {
			if v, err := r.Get([]byte(key)); err != nil || string(v) != "value of "+key {
				errs = append(errs, fmt.Errorf("%s = %q: %w", key, v, err))
			}
		}
		return errors.Join(errs...)
	})
	if err != nil {
		t.Error(err)
	}
}
