package blobs_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

func largeObject(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("3", 64))
	want := make([]byte, 24<<20)
	if _, err := rand.NewChaCha8([32]byte{7}).Read(want); err != nil {
		t.Fatal(err)
	}
	put(t, s, key, want)
	if got, object := get(t, s, key, 0, 0); !bytes.Equal(got, want) || object.Size != int64(len(want)) {
		t.Errorf("got %d bytes of %d", len(got), object.Size)
	}
	must(t, s.Remove(t.Context(), key))
}

// shortPut breaks off in the middle: nothing may be there then.
func shortPut(t *testing.T, s *blobs.Store) {
	t.Helper()
	key := blobs.Original(strings.Repeat("4", 64))
	if err := s.Put(t.Context(), key, strings.NewReader("half"), 8, "image/jpeg"); err == nil {
		t.Error("Put of fewer bytes than announced succeeds")
	}
	ctx, cancel := context.WithCancel(t.Context())
	breaking := &breakingReader{ReaderAt: bytes.NewReader(make([]byte, 4<<20)), left: 5 << 20, breakOff: cancel}
	if err := s.Put(ctx, key, breaking, 4<<20, "image/jpeg"); !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v, want context.Canceled", err)
	}
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Stat = %v, want ErrNotFound", err)
	}
}

// breakingReader calls breakOff when so many bytes were read. A put reads
// twice, the first time to take the hash.
type breakingReader struct {
	io.ReaderAt

	left     int
	breakOff func()
}

func (r *breakingReader) ReadAt(p []byte, offset int64) (int, error) {
	n, err := r.ReaderAt.ReadAt(p, offset)
	if r.left -= n; r.left < 0 {
		r.breakOff()
	}
	return n, err
}
