package blobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

var objects miniotest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	objects.Close()
	os.Exit(code)
}

func TestStore(t *testing.T) {
	s := open(t, objects.Server(t), "conformance-"+uuid.NewString())
	for _, test := range []struct {
		name string
		run  func(t *testing.T, s *blobs.Store)
	}{
		{"missing before the bucket exists", missing},
		{"nothing to list before the bucket exists", emptyList},
		{"put, get, stat, remove", roundTrip},
		{"ranges", ranges},
		{"put replaces", replace},
		{"empty object", emptyObject},
		{"list by prefix", listByPrefix},
		{"missing", missing},
		{"canceled", canceled},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, s) })
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
	key := blobs.Rendition(strings.Repeat("a", 64), "g1", 320, "jpg")
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
		blobs.Rendition(sha, "g1", 1280, "jpg"), blobs.Rendition(sha, "g1", 320, "jpg"), blobs.Rendition(sha, "g2", 320, "webp"),
	}
	for _, key := range want {
		put(t, s, key, []byte(key))
	}
	put(t, s, blobs.Rendition(strings.Repeat("f", 64), "g1", 320, "jpg"), []byte("other"))
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

func TestServerAway(t *testing.T) {
	server := miniotest.Start(t)
	s := open(t, server.Server, "photos")
	key := blobs.Original(strings.Repeat("a", 64))
	put(t, s, key, []byte("bytes"))

	server.Stop(t.Context())
	_, _, getErr := s.Get(t.Context(), key, 0, 0)
	_, statErr := s.Stat(t.Context(), key)
	var listErr error
	for _, listErr = range s.List(t.Context(), "") {
	}
	for name, err := range map[string]error{
		"Get": getErr, "Stat": statErr, "List": listErr,
		"Put":    s.Put(t.Context(), key, strings.NewReader("other"), 5, "text/plain"),
		"Remove": s.Remove(t.Context(), key),
	} {
		e, _ := fault.Of(err)
		if e == nil || e.Reason != faultv1.Reason_REASON_OBJECTS_UNAVAILABLE || e.Retry == 0 || !strings.Contains(e.Message, "try again") {
			t.Errorf("%s = %v, want OBJECTS_UNAVAILABLE with advice", name, err)
		}
	}

	server.Restart(t)
	if got, _ := get(t, s, key, 0, 0); string(got) != "bytes" {
		t.Errorf("after the restart got %q, want %q", got, "bytes")
	}
}

func open(t *testing.T, server *minio.Server, bucket string) *blobs.Store {
	t.Helper()
	s, err := blobs.Open(blobs.Config{
		Endpoint: server.Endpoint, AccessKey: server.AccessKey, SecretKey: server.SecretKey, Bucket: bucket,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
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
