package kv_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
)

func TestPrefix(t *testing.T) {
	cases := []struct{ prefix, end string }{
		{"", ""},
		{"a", "b"},
		{"article/", "article0"},
		{"a\xff", "b"},
		{"a\xff\xff", "b"},
		{"\xff", ""},
		{"\xff\xff", ""},
		{"\x00", "\x01"},
	}
	for _, c := range cases {
		r := kv.Prefix([]byte(c.prefix))
		if string(r.Start) != c.prefix || string(r.End) != c.end {
			t.Errorf("Prefix(%q) = [%q, %q), want [%q, %q)", c.prefix, r.Start, r.End, c.prefix, c.end)
		}
	}
}

func FuzzPrefix(f *testing.F) {
	f.Add([]byte("a\xff"), []byte("b"))
	f.Add([]byte(""), []byte("\xff"))
	f.Fuzz(func(t *testing.T, prefix, key []byte) {
		if got, want := kv.Prefix(prefix).Contains(key), bytes.HasPrefix(key, prefix); got != want {
			t.Errorf("Prefix(%q) contains %q: %v, want %v", prefix, key, got, want)
		}
	})
}

func TestMeterCountsKeysOnce(t *testing.T) {
	key := func(i int) []byte { return fmt.Appendf(nil, "k%d", i) }
	var m kv.Meter
	for range 3 {
		for i := range kv.MaxKeys - 2 {
			if err := m.Key(key(i), 10); err != nil {
				t.Fatalf("key %d: %v", i, err)
			}
		}
		// A topic is not the key of the same name, and neither is a range.
		if err := errors.Join(m.Topic(key(0), 1), m.Range(kv.Range{Start: key(0)})); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Key([]byte("more"), 0); !errors.Is(err, kv.ErrTooLarge) {
		t.Errorf("key %d: %v, want ErrTooLarge", kv.MaxKeys+1, err)
	}
	if !errors.Is(m.Err(), kv.ErrTooLarge) || !errors.Is(m.Key(key(0), 0), kv.ErrTooLarge) {
		t.Error("the refusal was forgotten")
	}
}

func TestMeterCountsTheLongestValue(t *testing.T) {
	const half = kv.MaxBytes / 2
	cases := []struct {
		name  string
		sizes []int // of values of the keys a, b, a, b, ...
		want  error
	}{
		{"just fits", []int{half - 1, half - 1}, nil},
		{"one byte more", []int{half - 1, half}, kv.ErrTooLarge},
		{"shrinking and growing back", []int{half - 1, half - 1, 0, 0, half - 1, half - 1}, nil},
		{"growing", []int{0, 0, half, half}, kv.ErrTooLarge},
		{"all at once", []int{kv.MaxBytes}, kv.ErrTooLarge},
		{"keys count too", []int{kv.MaxBytes - 1, 0}, kv.ErrTooLarge},
	}
	for _, c := range cases {
		var m kv.Meter
		var err error
		for i, size := range c.sizes {
			err = m.Key([]byte{"ab"[i%2]}, size)
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	cause := errors.New("page 7")
	cases := []struct {
		err   error
		is    error
		parts []string
	}{
		{&kv.LimitError{What: "keys touched", Size: 65, Limit: 64}, kv.ErrTooLarge, []string{"keys touched", "65", "64", "split"}},
		{&kv.LockedError{Path: "/s.db"}, nil, []string{"/s.db", "another process", "stop"}},
		{&kv.DamagedError{Path: "/s.db", Err: cause}, cause, []string{"/s.db", "page 7", "restore"}},
		{&kv.FormatError{Path: "/s.db", Found: 3, Supported: 2}, nil, []string{"/s.db", "newer", "install", "/s.db.format-2.bak"}},
		{&kv.FormatError{Path: "/s.db", Found: 1, Supported: 5}, nil, []string{"format 1", "in between"}},
	}
	for _, c := range cases {
		if c.is != nil && !errors.Is(c.err, c.is) {
			t.Errorf("%v is not %v", c.err, c.is)
		}
		for _, part := range c.parts {
			if !strings.Contains(c.err.Error(), part) {
				t.Errorf("%q does not say %q", c.err, part)
			}
		}
	}
}

func TestOptionsDefaults(t *testing.T) {
	want := kv.Options{
		Timeout: time.Second, Heartbeat: 2 * time.Second, Stall: 10 * time.Second,
		Log: kv.LogLimits{Age: 14 * 24 * time.Hour, Entries: 1_000_000, Bytes: 64 << 20},
	}
	if diff := cmp.Diff(want, kv.Options{}.WithDefaults()); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	given := kv.Options{Timeout: 1, Heartbeat: 2, Stall: 3, Log: kv.LogLimits{Age: 4, Entries: 5, Bytes: 6}}
	if diff := cmp.Diff(given, given.WithDefaults()); diff != "" {
		t.Errorf("given options were changed (-want +got):\n%s", diff)
	}
}
