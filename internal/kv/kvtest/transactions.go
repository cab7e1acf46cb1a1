//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func transactionTests() []test {
	return []test{
		{"put, replace and delete", putReplaceDelete},
		{"an empty value is there", emptyValue},
		{"a transaction sees its writes", seesOwnWrites},
		{"an error leaves nothing", errorLeavesNothing},
		{"a panic leaves nothing and the store goes on", panicLeavesNothing},
		{"a goroutine ends inside a closure", exitLeavesNothing},
		{"versions grow", versionsGrow},
		{"a transaction is done after its closure", doneAfterClosure},
		{"bytes are not shared", noAliasing},
	}
}

func putReplaceDelete(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2")
	put(t, s, "a", "3")
	update(t, s, func(tx kv.Tx) error {
		return errors.Join(tx.Delete([]byte("b")), tx.Delete([]byte("never there")))
	})
	got := []string{get(t, s, "a"), get(t, s, "b"), get(t, s, "c")}
	if diff := cmp.Diff([]string{"3", "(none)", "(none)"}, got); diff != "" {
		t.Errorf("a, b, c (-want +got):\n%s", diff)
	}
}

func emptyValue(t *testing.T, s kv.Store) {
	update(t, s, func(tx kv.Tx) error { return tx.Put([]byte("k"), nil) })
	err := s.View(t.Context(), func(r kv.Reader) error {
		v, err := r.Get([]byte("k"))
		if v == nil || len(v) != 0 {
			t.Errorf("Get = %#v, want empty and not nil", v)
		}
		return err
	})
	if err != nil {
		t.Errorf("View: %v", err)
	}
}

func seesOwnWrites(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "1", "d", "1")
	update(t, s, func(tx kv.Tx) error {
		if err := errors.Join(tx.Put([]byte("a"), []byte("2")), tx.Delete([]byte("b")), tx.Put([]byte("c"), []byte("2")), tx.Put([]byte("e"), []byte("2"))); err != nil {
			return err
		}
		_, err := tx.Get([]byte("b"))
		wantErr(t, "Get of a key deleted here", err, kv.ErrNotFound)
		for _, rng := range []struct {
			r    kv.Range
			want []string
		}{
			{kv.Range{}, []string{"a=2", "c=2", "d=1", "e=2"}},
			{kv.Range{Reverse: true, Limit: 3}, []string{"e=2", "d=1", "c=2"}},
			{kv.Range{Start: []byte("b"), End: []byte("d")}, []string{"c=2"}},
		} {
			got, err := scanned(tx, rng.r)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(rng.want, got); diff != "" {
				t.Errorf("Scan(%+v) (-want +got):\n%s", rng.r, diff)
			}
		}
		return nil
	})
}

func errorLeavesNothing(t *testing.T, s kv.Store) {
	v := put(t, s, "a", "1")
	boom := errors.New("boom")
	_, err := s.Update(t.Context(), func(tx kv.Tx) error {
		return errors.Join(tx.Put([]byte("a"), []byte("2")), tx.Put([]byte("b"), []byte("2")), tx.Emit([]byte("t/x"), nil), boom)
	})
	wantErr(t, "Update", err, boom)
	if got := get(t, s, "a") + get(t, s, "b"); got != "1(none)" {
		t.Errorf("a and b are %q after a failed transaction", got)
	}
	emit(t, s, "after", "t/y")
	if got, _ := changes(t, s, "t/", v, 1); !cmp.Equal(got, []string{"t/y=after"}) {
		t.Errorf("log holds %q, want t/y only", got)
	}
}

func panicLeavesNothing(t *testing.T, s kv.Store) {
	func() {
		defer func() {
			if p := recover(); p != "boom" {
				t.Errorf("recovered %v, want the closure's own panic", p)
			}
		}()
		_, err := s.Update(t.Context(), func(tx kv.Tx) error {
			if err := tx.Put([]byte("a"), []byte("1")); err != nil {
				return err
			}
			panic("boom") //nolint:forbidigo // what is tested
		})
		t.Errorf("Update returned %v, want a panic", err)
	}()
	put(t, s, "b", "1")
	if got := get(t, s, "a") + get(t, s, "b"); got != "(none)1" {
		t.Errorf("a and b are %q, want none and 1", got)
	}
}

// exitLeavesNothing does what t.Fatal does inside a closure.
func exitLeavesNothing(t *testing.T, s kv.Store) {
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			_, err := s.Update(t.Context(), func(tx kv.Tx) error {
				if err := tx.Put([]byte("a"), nil); err != nil {
					return err
				}
				runtime.Goexit()
				return nil
			})
			t.Errorf("Update returned %v to a goroutine that has ended", err)
		})
	}
	wg.Wait()
	put(t, s, "b", "1")
	if got := get(t, s, "a") + get(t, s, "b"); got != "(none)1" {
		t.Errorf("a and b are %q, want none and 1", got)
	}
}

func versionsGrow(t *testing.T, s kv.Store) {
	version := func() kv.Version {
		v, err := s.Version(t.Context())
		if err != nil {
			t.Fatalf("Version: %v", err)
		}
		return v
	}
	before := version()
	for range 5 {
		v := put(t, s, "k", "v")
		if v <= before {
			t.Errorf("Update = version %d after %d", v, before)
		}
		if now := version(); now != v {
			t.Errorf("Version = %d right after a commit at %d", now, v)
		}
		before = v
	}
	if v := update(t, s, func(tx kv.Tx) error { _, err := tx.Get([]byte("k")); return err }); v != before {
		t.Errorf("a transaction without writes = version %d, want %d", v, before)
	}
}

func doneAfterClosure(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2")
	var tx kv.Tx
	update(t, s, func(inner kv.Tx) error { tx = inner; return nil })
	var r kv.Reader
	if err := s.View(t.Context(), func(inner kv.Reader) error { r = inner; return nil }); err != nil {
		t.Fatal(err)
	}
	key := []byte("a")
	for _, x := range []struct {
		name string
		r    kv.Reader
	}{{"Tx", tx}, {"Reader", r}} {
		_, err := x.r.Get(key)
		wantErr(t, x.name+".Get", err, kv.ErrTxDone)
		_, err = scanned(x.r, kv.Range{})
		wantErr(t, x.name+".Scan", err, kv.ErrTxDone)
	}
	wantErr(t, "Put", tx.Put(key, key), kv.ErrTxDone)
	wantErr(t, "Delete", tx.Delete(key), kv.ErrTxDone)
	wantErr(t, "Emit", tx.Emit(key, key), kv.ErrTxDone)
	if got := get(t, s, "a"); got != "1" {
		t.Errorf("a = %q, want 1", got)
	}
}

func noAliasing(t *testing.T, s kv.Store) {
	key, value, topic, ref := []byte("key"), []byte("value"), []byte("topic"), []byte("ref")
	all := [][]byte{key, value, topic, ref}
	scratch := func(bs ...[]byte) {
		for _, b := range bs {
			for i := range b {
				b[i] = '#'
			}
		}
	}
	read := func(r kv.Reader) error {
		v, err := r.Get([]byte("key"))
		scratch(v)
		if err != nil {
			return err
		}
		for e, err := range r.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
			scratch(e.Key, e.Value)
		}
		got, err := scanned(r, kv.Range{})
		if diff := cmp.Diff([]string{"key=value"}, got); diff != "" {
			t.Errorf("after writing into what was read (-want +got):\n%s", diff)
		}
		return err
	}
	update(t, s, func(tx kv.Tx) error {
		err := errors.Join(tx.Put(key, value), tx.Emit(topic, ref))
		scratch(all...)
		return errors.Join(err, read(tx))
	})
	if err := s.View(t.Context(), read); err != nil {
		t.Error(err)
	}
	for b, err := range s.Watch(t.Context(), nil, 0) {
		if err != nil || len(b.Changes) != 1 || string(b.Changes[0].Topic) != "topic" || string(b.Changes[0].Ref) != "ref" {
			t.Errorf("Watch = %v, %v; want the topic as it was given", b, err)
		}
		break
	}
}
