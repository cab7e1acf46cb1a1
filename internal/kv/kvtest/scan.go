//nolint:thelper // what takes a *testing.T here is a test
package kvtest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func scanTests() []test {
	return []test{
		{"scan ranges", scanRanges},
		{"scan in byte order", scanByteOrder},
		{"scan many", scanMany},
		{"a scan does not see writes made while it runs", scanIsStable},
	}
}

func scanRanges(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2", "b/x", "3", "b/y", "4", "c", "5")
	key := func(k string) []byte { return []byte(k) }
	cases := []struct {
		name string
		r    kv.Range
		want []string
	}{
		{"all", kv.Range{}, []string{"a=1", "b=2", "b/x=3", "b/y=4", "c=5"}},
		{"all reverse", kv.Range{Reverse: true}, []string{"c=5", "b/y=4", "b/x=3", "b=2", "a=1"}},
		{"end is not included", kv.Range{Start: key("a"), End: key("b/x")}, []string{"a=1", "b=2"}},
		{"end is not included in reverse", kv.Range{End: key("b/x"), Reverse: true}, []string{"b=2", "a=1"}},
		{"bounds between keys", kv.Range{Start: key("aa"), End: key("bb")}, []string{"b=2", "b/x=3", "b/y=4"}},
		{"bounds between keys in reverse", kv.Range{Start: key("aa"), End: key("bb"), Reverse: true}, []string{"b/y=4", "b/x=3", "b=2"}},
		{"end past all in reverse", kv.Range{Start: key("b/y"), End: key("zz"), Reverse: true}, []string{"c=5", "b/y=4"}},
		{"end before all in reverse", kv.Range{End: key("A"), Reverse: true}, []string{}},
		{"start past all", kv.Range{Start: key("d")}, []string{}},
		{"empty range", kv.Range{Start: key("b"), End: key("b")}, []string{}},
		{"bounds crossed", kv.Range{Start: key("c"), End: key("a")}, []string{}},
		{"bounds crossed in reverse", kv.Range{Start: key("c"), End: key("a"), Reverse: true}, []string{}},
		{"limit", kv.Range{Limit: 2}, []string{"a=1", "b=2"}},
		{"limit in reverse", kv.Range{Start: key("b"), Reverse: true, Limit: 2}, []string{"c=5", "b/y=4"}},
		{"limit beyond", kv.Range{Start: key("c"), Limit: 9}, []string{"c=5"}},
		{"prefix", kv.Prefix(key("b/")), []string{"b/x=3", "b/y=4"}},
		{"prefix of all", kv.Prefix(nil), []string{"a=1", "b=2", "b/x=3", "b/y=4", "c=5"}},
	}
	run := func(where string, r kv.Reader) {
		for _, c := range cases {
			got, err := scanned(r, c.r)
			if err != nil {
				t.Errorf("%s, %s: %v", where, c.name, err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", where, c.name, diff)
			}
		}
	}
	if err := s.View(t.Context(), func(r kv.Reader) error { run("View", r); return nil }); err != nil {
		t.Error(err)
	}
	update(t, s, func(tx kv.Tx) error { run("Update", tx); return nil })
}

func scanByteOrder(t *testing.T, s kv.Store) {
	put(t, s, "\xff\xff", "4", "\x00", "1", "\xff", "3", "ž", "2", "\xff\xff\x01", "5")
	want := []string{"\x00=1", "ž=2", "\xff=3", "\xff\xff=4", "\xff\xff\x01=5"}
	err := s.View(t.Context(), func(r kv.Reader) error {
		got, err := scanned(r, kv.Range{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		got, err = scanned(r, kv.Prefix([]byte("\xff\xff")))
		if diff := cmp.Diff(want[3:], got); diff != "" {
			t.Errorf("prefix ff ff, which has no upper bound (-want +got):\n%s", diff)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func scanMany(t *testing.T, s kv.Store) {
	const n, each = 1500, 50
	for i := 0; i < n; i += each {
		update(t, s, func(tx kv.Tx) error {
			for j := i; j < i+each; j++ {
				if err := tx.Put(fmt.Appendf(nil, "k/%05d", j), []byte("value")); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := s.View(t.Context(), func(r kv.Reader) error {
		for _, reverse := range []bool{false, true} {
			i := 0
			for e, err := range r.Scan(kv.Range{Reverse: reverse}) {
				if err != nil {
					return err
				}
				want := i
				if reverse {
					want = n - 1 - i
				}
				if string(e.Key) != fmt.Sprintf("k/%05d", want) {
					return fmt.Errorf("entry %d (reverse %v) is %s", i, reverse, e.Key)
				}
				i++
			}
			if i != n {
				t.Errorf("%d entries (reverse %v), want %d", i, reverse, n)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func scanIsStable(t *testing.T, s kv.Store) {
	put(t, s, "a", "1", "b", "2", "c", "3")
	update(t, s, func(tx kv.Tx) error {
		got := []string{}
		for e, err := range tx.Scan(kv.Range{}) {
			if err != nil {
				return err
			}
			got = append(got, string(e.Key))
			if err := tx.Put(append(e.Key, 'x'), nil); err != nil {
				return err
			}
			if err := tx.Delete([]byte("c")); err != nil {
				return err
			}
		}
		if diff := cmp.Diff([]string{"a", "b", "c"}, got); diff != "" {
			t.Errorf("scanned while writing (-want +got):\n%s", diff)
		}
		return nil
	})
	if got := get(t, s, "ax") + get(t, s, "bx") + get(t, s, "c"); got != "(none)" {
		t.Errorf("ax, bx, c = %q, want the writes committed", got)
	}
}
