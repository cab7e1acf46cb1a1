package blobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// TestStore is what every S3 server must do for us.
func TestStore(t *testing.T) {
	for _, server := range servers() {
		t.Run(server.name, func(t *testing.T) {
			s := open(t, server.config(t))
			for _, test := range []struct {
				name string
				run  func(t *testing.T, s *blobs.Store)
			}{
				{"missing before the bucket exists", missing},
				{"nothing to list before the bucket exists", emptyList},
				{"the bucket is made once", ready},
				{"put, get, stat, remove", roundTrip},
				{"ranges", ranges},
				{"put replaces", replace},
				{"put the same again", putAgain},
				{"put at the same time", putTogether},
				{"empty object", emptyObject},
				{"large object", largeObject},
				{"put is whole or not at all", shortPut},
				{"list by prefix", listByPrefix},
				{"fetch", fetch},
				{"missing", missing},
				{"canceled", canceled},
				{"canceled while reading", canceledReading},
			} {
				t.Run(test.name, func(t *testing.T) { test.run(t, s) })
			}
			if !server.variant {
				t.Run("list in order over pages", func(t *testing.T) { listPages(t, s) })
			}
		})
	}
}

func missing(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("0", 64))
	if _, _, err := s.Get(t.Context(), key, 0, 0); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Get = %v, want ErrNotFound", err)
	}
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Stat = %v, want ErrNotFound", err)
	}
	if err := s.Remove(t.Context(), key); err != nil {
		t.Errorf("Remove = %v, want nil", err)
	}
}

func emptyList(t *testing.T, s *blobs.Store) {
	t.Helper()
	for object, err := range s.List(t.Context(), "") {
		t.Errorf("List yields %v, %v; want nothing", object, err)
	}
}

func roundTrip(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Rendition(strings.Repeat("a", 64), "g1", "320.jpg")
	want := bytes.Repeat([]byte("knyga "), 100_000)
	put(t, s, key, want)
	got, object := get(t, s, key, 0, 0)
	if !bytes.Equal(got, want) {
		t.Errorf("got %d other bytes", len(got))
	}
	stat, err := s.Stat(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(object, stat); diff != "" {
		t.Errorf("Get and Stat disagree (-get +stat):\n%s", diff)
	}
	if stat.Size != int64(len(want)) || stat.ETag == "" || stat.Modified.IsZero() {
		t.Errorf("Stat = %+v", stat)
	}
	if err := s.Remove(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Stat after Remove = %v, want ErrNotFound", err)
	}
}

func ranges(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("b", 64))
	const text = "0123456789"
	put(t, s, key, []byte(text))
	for _, test := range []struct {
		name          string
		offset, limit int64
		want          string
	}{
		{"all", 0, 0, text},
		{"first", 0, 1, "0"},
		{"middle", 3, 4, "3456"},
		{"to the end", 7, 0, "789"},
		{"beyond the end", 8, 100, "89"},
		{"behind the end", 10, 0, ""},
		{"far behind the end", 1 << 40, 1 << 62, ""},
		{"huge limit", 1, 1<<63 - 1, text[1:]},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, object := get(t, s, key, test.offset, test.limit)
			if string(got) != test.want || object.Size != int64(len(text)) {
				t.Errorf("got %q of %d bytes, want %q of %d", got, object.Size, test.want, len(text))
			}
		})
	}
}

func replace(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("c", 64))
	put(t, s, key, []byte("one"))
	put(t, s, key, []byte("two"))
	if got, _ := get(t, s, key, 0, 0); string(got) != "two" {
		t.Errorf("got %q, want %q", got, "two")
	}
}

func emptyObject(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("d", 64))
	put(t, s, key, nil)
	if got, object := get(t, s, key, 0, 0); len(got) != 0 || object.Size != 0 {
		t.Errorf("got %q of %d bytes, want none", got, object.Size)
	}
}

func listByPrefix(t *testing.T, s *blobs.Store) {
	t.Helper()
	sha := strings.Repeat("e", 64)
	want := []blobs.Key{
		blobs.Rendition(sha, "g1", "1280.jpg"), blobs.Rendition(sha, "g1", "320.jpg"), blobs.Rendition(sha, "g2", "320.webp"),
	}
	for _, key := range want {
		put(t, s, key, []byte(key))
	}
	put(t, s, blobs.Rendition(strings.Repeat("f", 64), "g1", "320.jpg"), []byte("other"))
	var got []blobs.Key
	for object, err := range s.List(t.Context(), blobs.RenditionPrefix+sha+"/") {
		if err != nil {
			t.Fatal(err)
		}
		if object.Size != int64(len(object.Key)) || object.Modified.IsZero() {
			t.Errorf("List yields %+v", object)
		}
		got = append(got, object.Key)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	var rest []blobs.Key
	for object, err := range s.ListAfter(t.Context(), blobs.RenditionPrefix+sha+"/", want[0]) {
		must(t, err)
		rest = append(rest, object.Key)
	}
	if diff := cmp.Diff(want[1:], rest); diff != "" {
		t.Errorf("keys after the first (-want +got):\n%s", diff)
	}
}

func canceled(t *testing.T, s *blobs.Store) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Put(ctx, blobs.Original(strings.Repeat("0", 64)), strings.NewReader("x"), 1, "text/plain")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v, want context.Canceled", err)
	}
}

func ready(t *testing.T, s *blobs.Store) {
	t.Helper()
	for _, want := range []bool{true, false} {
		if made, err := s.Ready(t.Context()); made != want || err != nil {
			t.Errorf("Ready = %v, %v; want %v", made, err, want)
		}
	}
	emptyList(t, s) // what Ready tried with is gone
}

func putAgain(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("1", 64))
	put(t, s, key, []byte("same"))
	first, err := s.Stat(t.Context(), key)
	must(t, err)
	put(t, s, key, []byte("same"))
	second, err := s.Stat(t.Context(), key)
	must(t, err)
	if first.ETag != second.ETag || keysWith(t, s, string(key)) != 1 {
		t.Errorf("the same bytes have ETags %s and %s, in %d objects", first.ETag, second.ETag, keysWith(t, s, string(key)))
	}
}

func putTogether(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("2", 64))
	want := bytes.Repeat([]byte("kartu "), 20_000)
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			if err := s.Put(t.Context(), key, bytes.NewReader(want), int64(len(want)), "image/jpeg"); err != nil {
				t.Errorf("Put: %v", err)
			}
		})
	}
	writers.Wait()
	if got, _ := get(t, s, key, 0, 0); !bytes.Equal(got, want) || keysWith(t, s, string(key)) != 1 {
		t.Errorf("%d bytes in %d objects", len(got), keysWith(t, s, string(key)))
	}
}

// largeObject is larger than a client would put in one part by itself.
// listPages lists more objects than a page of S3 has.
func listPages(t *testing.T, s *blobs.Store) {
	t.Helper()
	const objects, writers = 1005, 16
	sha := strings.Repeat("5", 64)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := w; i < objects; i += writers {
				if err := s.Put(t.Context(), blobs.Rendition(sha, "g1", strconv.Itoa(i)+".jpg"), strings.NewReader("x"), 1, "image/jpeg"); err != nil {
					t.Errorf("Put: %v", err)
					return
				}
			}
		})
	}
	all.Wait()
	var got []string
	for object, err := range s.List(t.Context(), blobs.RenditionPrefix+sha+"/") {
		must(t, err)
		got = append(got, string(object.Key))
	}
	if len(got) != objects || !slices.IsSorted(got) {
		t.Errorf("%d keys, sorted %v; want %d", len(got), slices.IsSorted(got), objects)
	}
	for _, err := range s.List(t.Context(), blobs.RenditionPrefix+sha+"/") {
		must(t, err)
		break // a list may be left before its end
	}
}

func fetch(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("6", 64))
	want := bytes.Repeat([]byte("visas "), 50_000)
	put(t, s, key, want)
	var got bytes.Buffer
	if err := s.Fetch(t.Context(), key, &got); err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("Fetch got %d bytes, %v", got.Len(), err)
	}
}

func canceledReading(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("7", 64))
	put(t, s, key, make([]byte, 8<<20))
	ctx, cancel := context.WithCancel(t.Context())
	body, _, err := s.Get(ctx, key, 0, 0)
	must(t, err)
	defer func() { _ = body.Close() }()
	_, err = io.ReadFull(body, make([]byte, 1<<10))
	must(t, err)
	cancel()
	if _, err = io.Copy(io.Discard, body); !errors.Is(err, context.Canceled) {
		t.Errorf("Read = %v, want context.Canceled", err)
	}
}

// keysWith counts the objects whose keys begin with prefix.
func keysWith(t *testing.T, s *blobs.Store, prefix string) int {
	t.Helper()
	n := 0
	for _, err := range s.List(t.Context(), prefix) {
		must(t, err)
		n++
	}
	return n
}

func put(t *testing.T, s *blobs.Store, key blobs.Key, data []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(data), int64(len(data)), "image/jpeg"); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s *blobs.Store, key blobs.Key, offset, limit int64) ([]byte, blobs.Object) {
	t.Helper()
	body, object, err := s.Get(t.Context(), key, offset, limit)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	data, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return data, object
}
