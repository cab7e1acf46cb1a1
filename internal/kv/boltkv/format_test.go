package boltkv_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

const oldEntries = 5000 // more than one chunk of a migration

// oldStore makes a store of format 1 and returns its newest version.
func oldStore(t *testing.T, path string) kv.Version {
	t.Helper()
	s := open(t, path, boltkv.Options{Format: kv.Format{Number: 1, Suite: "v0.1.0"}})
	var version kv.Version
	for i := 0; i < oldEntries; i += 50 {
		v, err := s.Update(t.Context(), func(tx kv.Tx) error {
			for j := i; j < i+50; j++ {
				if err := tx.Put(fmt.Appendf(nil, "old/%05d", j), []byte("x")); err != nil {
					return err
				}
			}
			return tx.Emit([]byte("t"), nil)
		})
		if err != nil {
			t.Fatal(err)
		}
		version = v
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return version
}

// rename is the step from format 1 to 2: other keys, other values.
func rename(m kv.Migrator) error {
	for e, err := range m.Scan(kv.Prefix([]byte("old/"))) {
		if err != nil {
			return err
		}
		key := append([]byte("new/"), bytes.TrimPrefix(e.Key, []byte("old/"))...)
		if err := errors.Join(m.Put(key, append(e.Value, '2')), m.Delete(e.Key)); err != nil {
			return err
		}
	}
	return nil
}

// total is the step from format 2 to 3: one more entry.
func total(m kv.Migrator) error {
	n := 0
	for _, err := range m.Scan(kv.Range{Start: []byte("new/"), Reverse: true}) {
		if err != nil {
			return err
		}
		n++
	}
	if _, err := m.Get([]byte("old/00000")); !errors.Is(err, kv.ErrNotFound) {
		return fmt.Errorf("the step before left an old entry: %w", err)
	}
	return m.Put([]byte("total"), fmt.Append(nil, n))
}

func format3() kv.Format {
	return kv.Format{Number: 3, Suite: "v0.3.0", Migrations: []kv.Migration{{From: 2, Step: total}, {From: 1, Step: rename}}}
}

func TestMigration(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	version := oldStore(t, path)
	write(t, path+".migrating", []byte("left by a crash"))
	s := open(t, path, boltkv.Options{Format: format3(), Heartbeat: heartbeat})

	want := kv.Opened{Path: path, From: 1, To: 3, Suite: "v0.1.0", Backup: path + ".format-1.bak"}
	if diff := cmp.Diff(want, s.Opened()); diff != "" {
		t.Errorf("Opened (-want +got):\n%s", diff)
	}
	if line := s.Opened().String(); !strings.Contains(line, want.Backup) {
		t.Errorf("the report %q does not name the copy", line)
	}
	wantEntries(t, s, "new/", oldEntries, "x2")
	wantEntries(t, s, "old/", 0, "")
	wantEntries(t, s, "total", 1, fmt.Sprint(oldEntries))

	now, err := s.Version(t.Context())
	if err != nil || now <= version {
		t.Errorf("Version = %d, %v after a migration at %d", now, err, version)
	}
	wantFirstBatch(t, s, version, kv.ErrExpired)
	wantFirstBatch(t, s, now, nil)
	wantFiles(t, path, "store.db", "store.db.format-1.bak")

	backup := open(t, want.Backup, boltkv.Options{Format: kv.Format{Number: 1}})
	wantEntries(t, backup, "old/", oldEntries, "x")
	if v, err := backup.Version(t.Context()); v != version {
		t.Errorf("the copy is at version %d, %v; want %d", v, err, version)
	}

	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, path, boltkv.Options{Format: format3()})
	if diff := cmp.Diff(kv.Opened{Path: path, From: 3, To: 3, Suite: "v0.3.0"}, again.Opened()); diff != "" {
		t.Errorf("Opened the second time (-want +got):\n%s", diff)
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	oldStore(t, path)
	before := read(t, path)
	boom := errors.New("boom")
	failing := format3()
	failing.Migrations = []kv.Migration{{From: 1, Step: rename}, {From: 2, Step: func(m kv.Migrator) error {
		return errors.Join(m.Put([]byte("half"), nil), boom)
	}}}
	s, err := boltkv.Open(path, boltkv.Options{Format: failing})
	if !errors.Is(err, boom) {
		t.Fatalf("Open = %v, %v; want the error of the step", s, err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("a failed migration changed the store")
	}
	wantFiles(t, path, "store.db", "store.db.format-1.bak")
	s = open(t, path, boltkv.Options{Format: format3()})
	wantEntries(t, s, "new/", oldEntries, "x2")
	wantEntries(t, s, "half", 0, "")
}

func TestFormatsThatCannotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, boltkv.Options{Format: kv.Format{Number: 3, Suite: "v9.9.9"}})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	cases := []struct {
		name   string
		format kv.Format
		advice string
	}{
		{"newer", kv.Format{Number: 2}, "written by a newer version (v9.9.9)"},
		{"too old", kv.Format{Number: 5, Migrations: []kv.Migration{{From: 4, Step: rename}}}, "start a version in between"},
	}
	for _, c := range cases {
		_, err := boltkv.Open(path, boltkv.Options{Format: c.format})
		got, ok := errors.AsType[*kv.FormatError](err)
		want := &kv.FormatError{Path: path, Found: 3, Supported: c.format.Number, Suite: "v9.9.9"}
		if !ok || *got != *want {
			t.Errorf("%s: Open: %v, want %v", c.name, err, want)
		} else if !strings.Contains(got.Error(), c.advice) {
			t.Errorf("%s: message %q does not say %q", c.name, got, c.advice)
		}
		if !bytes.Equal(before, read(t, path)) {
			t.Errorf("%s: Open changed the store", c.name)
		}
	}
	wantFiles(t, path, "store.db")
}

func TestMigratorIsDoneAfterItsStep(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	oldStore(t, path)
	var kept kv.Migrator
	open(t, path, boltkv.Options{Format: kv.Format{Number: 2, Migrations: []kv.Migration{{From: 1, Step: func(m kv.Migrator) error {
		kept = m
		if err := m.Put(nil, nil); !errors.Is(err, kv.ErrKey) {
			t.Errorf("Put of an empty key: %v, want ErrKey", err)
		}
		return nil
	}}}}})
	if err := kept.Put([]byte("k"), nil); !errors.Is(err, kv.ErrTxDone) {
		t.Errorf("Put after the step: %v, want ErrTxDone", err)
	}
	for _, err := range kept.Scan(kv.Range{}) {
		if !errors.Is(err, kv.ErrTxDone) {
			t.Errorf("Scan after the step: %v, want ErrTxDone", err)
		}
	}
}

func TestOpenRecordsTheSuite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	for i, suite := range []string{"v1", "v2", "v3"} {
		s := open(t, path, boltkv.Options{Format: kv.Format{Suite: suite}})
		want := kv.Opened{Path: path, Created: i == 0, Suite: fmt.Sprint("v", max(i, 1))}
		if diff := cmp.Diff(want, s.Opened()); diff != "" {
			t.Errorf("Opened by %s (-want +got):\n%s", suite, diff)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func wantEntries(t *testing.T, s *boltkv.Store, prefix string, n int, value string) {
	t.Helper()
	err := s.View(t.Context(), func(r kv.Reader) error {
		got := 0
		for e, err := range r.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			if got++; string(e.Value) != value {
				return fmt.Errorf("%s = %q, want %q", e.Key, e.Value, value)
			}
		}
		if got != n {
			return fmt.Errorf("%d entries under %q, want %d", got, prefix, n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func wantFirstBatch(t *testing.T, s *boltkv.Store, after kv.Version, want error) {
	t.Helper()
	for _, err := range s.Watch(t.Context(), nil, after) {
		if !errors.Is(err, want) {
			t.Errorf("Watch after version %d: %v, want %v", after, err, want)
		}
		return
	}
}

func wantFiles(t *testing.T, path string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// A migration deletes whole pages of keys; what comes before them is still found
// going back, and so it is for writers that share a transaction.
func TestReverseOverEmptiedPages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv.db")
	s := open(t, path, boltkv.Options{Format: kv.Format{Number: 1}})
	key := func(i int) []byte { return fmt.Appendf(nil, "key %04d", i) }
	for i := 0; i < 300; i += 50 {
		_, err := s.Update(t.Context(), func(tx kv.Tx) error {
			for j := range 50 {
				if err := tx.Put(key(i+j), bytes.Repeat([]byte("x"), 1000)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, until int // what is deleted
		end, want   int
	}{{100, 200, 250, 249}, {100, 200, 200, 99}, {100, 200, 150, 99}, {200, 300, 400, 199}, {0, 100, 100, -1}, {0, 100, 101, 100}, {1, 299, 299, 0}} {
		var got []byte
		failed := errors.New("enough")
		_, err := boltkv.Open(path, boltkv.Options{Format: kv.Format{Number: 2, Migrations: []kv.Migration{{From: 1, Step: func(m kv.Migrator) error {
			for i := c.from; i < c.until; i++ {
				if err := m.Delete(key(i)); err != nil {
					return err
				}
			}
			for e, err := range m.Scan(kv.Range{End: key(c.end), Reverse: true, Limit: 1}) {
				if err != nil {
					return err
				}
				got = e.Key
			}
			return failed
		}}}}})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		var want []byte
		if c.want >= 0 {
			want = key(c.want)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("without %d to %d, before %d: got %q, want %q", c.from, c.until, c.end, got, want)
		}
	}
}
