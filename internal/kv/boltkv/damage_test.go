package boltkv_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// filled makes a store of about 1 MB at path and closes it.
func filled(t *testing.T, path string) {
	t.Helper()
	s := open(t, path, boltkv.Options{})
	for i := range 128 {
		_, err := s.Update(t.Context(), func(tx kv.Tx) error {
			return tx.Put(fmt.Appendf(nil, "key%04d", i), bytes.Repeat([]byte{byte(i)}, 8000))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// damage does something to the file at path.
type damage func(t *testing.T, path string)

// scribbled overwrites n bytes.
func scribbled(at int64, n int) damage {
	return func(t *testing.T, path string) {
		t.Helper()
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, n), at)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// scribbledFrom overwrites everything from an offset on. Where bbolt puts its
// pages is a matter of chance, so that a part may be one that nothing is in.
func scribbledFrom(at int64) damage {
	return func(t *testing.T, path string) {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		scribbled(at, int(info.Size()-at))(t, path)
	}
}

// cutTo leaves the first bytes.
func cutTo(size int64) damage {
	return func(t *testing.T, path string) {
		t.Helper()
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
	}
}

// replaced writes something else in place of everything.
func replaced(b []byte) damage {
	return func(t *testing.T, path string) {
		t.Helper()
		write(t, path, b)
	}
}

func TestOpenRefusesDamage(t *testing.T) {
	page := int64(os.Getpagesize())
	cases := []struct {
		name   string
		damage damage
	}{
		{"empty", replaced(nil)},
		{"a few bytes", replaced([]byte("hello"))},
		{"a text", replaced(bytes.Repeat([]byte("Not a store. "), 4000))},
		{"another program's bbolt file", foreign},
		{"first meta page", scribbled(40, 8)},
		{"second meta page", scribbled(page+40, 8)},
		{"both meta pages", scribbled(0, int(2*page))},
		{"everything after the meta pages", scribbledFrom(2 * page)},
		{"cut to its meta pages", cutTo(2 * page)},
		{"cut inside a meta page", cutTo(page + 20)},
		{"cut in half", cutTo(512 << 10)},
		{"the last page cut", cutLastPage},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "damaged.db")
			filled(t, path)
			c.damage(t, path)
			before := read(t, path)
			for range 2 { // the first try must leave neither a lock nor a repair
				s, err := boltkv.Open(path, boltkv.Options{})
				if err == nil {
					t.Fatal(errors.Join(errors.New("Open succeeded"), s.Close()))
				}
				if d, ok := errors.AsType[*kv.DamagedError](err); !ok || d.Path != path {
					t.Errorf("Open: %v, want a DamagedError", err)
				}
			}
			if !bytes.Equal(before, read(t, path)) {
				t.Error("Open changed the damaged file")
			}
		})
	}
}

func TestDamageWhileOpen(t *testing.T) {
	page := int64(os.Getpagesize())
	damages := []struct {
		name   string
		damage damage
	}{
		{"cut", cutTo(2 * page)},
		{"overwritten", scribbledFrom(2 * page)},
		{"overwritten with its meta pages", scribbledFrom(0)},
	}
	meets := []struct {
		name string
		meet func(t *testing.T, s *boltkv.Store) error
	}{
		{"reader", readAll},
		{"writer", writeOne},
		{"watcher", watchOnce},
	}
	for _, d := range damages {
		for _, m := range meets {
			t.Run(d.name+", "+m.name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "damaged.db")
				filled(t, path)
				s := open(t, path, boltkv.Options{})
				if err := errors.Join(s.Err(), readAll(t, s)); err != nil {
					t.Fatalf("before the damage: %v", err)
				}
				d.damage(t, path)
				for _, meet := range []func(*testing.T, *boltkv.Store) error{m.meet, writeOne, readAll} {
					if _, ok := errors.AsType[*kv.DamagedError](meet(t, s)); !ok {
						t.Error("want a DamagedError")
					}
				}
				if _, ok := errors.AsType[*kv.DamagedError](s.Err()); !ok {
					t.Errorf("Err = %v, want the damage", s.Err())
				}
				closesUnlocked(t, s, path)
			})
		}
	}
}

func readAll(t *testing.T, s *boltkv.Store) error {
	t.Helper()
	return s.View(t.Context(), func(r kv.Reader) error {
		for _, err := range r.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func writeOne(t *testing.T, s *boltkv.Store) error {
	t.Helper()
	_, err := s.Update(t.Context(), func(tx kv.Tx) error { return tx.Put([]byte("key0000"), nil) })
	return err
}

func watchOnce(t *testing.T, s *boltkv.Store) error {
	t.Helper()
	for _, err := range s.Watch(t.Context(), nil, 0) {
		return err
	}
	return nil
}

// TestFailedCommit takes the file away: whatever the cause, after a commit of
// unknown outcome nothing more is written, while reads go on.
func TestFailedCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "failed.db")
	filled(t, path)
	s, err := boltkv.Open(path, boltkv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CloseFile(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		err := writeOne(t, s)
		if _, ok := errors.AsType[*kv.DamagedError](err); !ok || !errors.Is(err, os.ErrClosed) {
			t.Errorf("Update: %v, want a DamagedError with the cause", err)
		}
	}
	if err := readAll(t, s); err != nil {
		t.Errorf("View after a failed commit: %v", err)
	}
	if err := s.Close(); err == nil {
		t.Error("Close of a file that is closed already says nothing")
	}
	reopened := open(t, path, boltkv.Options{})
	if err := errors.Join(readAll(t, reopened), writeOne(t, reopened)); err != nil {
		t.Errorf("opened again: %v", err)
	}
}

type person struct{ name string }

func nobody() *person { return nil }

// closesUnlocked wants Close to end, and to leave no lock.
func closesUnlocked(t *testing.T, s *boltkv.Store, path string) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	_, err := boltkv.Open(path, boltkv.Options{Timeout: time.Millisecond})
	if _, ok := errors.AsType[*kv.DamagedError](err); !ok {
		t.Errorf("Open again: %v, want a DamagedError", err)
	}
}

func TestClosurePanicIsNotDamage(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "fine.db"), boltkv.Options{})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the closure's nil dereference did not reach its caller")
			}
		}()
		_ = s.View(t.Context(), func(kv.Reader) error {
			return errors.New(nobody().name)
		})
	}()
	if err := s.Err(); err != nil {
		t.Errorf("Err = %v after a panic of a closure", err)
	}
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// cutLastPage leaves one page less than the file needs, by way of a snapshot,
// which has no spare pages at its end.
func cutLastPage(t *testing.T, path string) {
	t.Helper()
	s := open(t, path, boltkv.Options{})
	var b bytes.Buffer
	if err := errors.Join(s.Snapshot(t.Context(), &b), s.Close()); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.Bytes()[:b.Len()-os.Getpagesize()])
}

func foreign(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
