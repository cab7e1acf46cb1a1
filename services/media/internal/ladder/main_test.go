package ladder_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// objects is one MinIO for all tests; each has a bucket of its own.
var objects miniotest.Shared

// The test binary is also the worker that decodes photos.
func TestMain(m *testing.M) {
	if exit, handled := pixels.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	code := m.Run()
	objects.Close()
	os.Exit(code)
}

func records(t *testing.T) *store.Store {
	t.Helper()
	s, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return store.New(s)
}

func bucket(t *testing.T) *blobs.Store {
	t.Helper()
	s3 := objects.Server(t)
	b, err := blobs.Open(blobs.Config{
		Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "l-" + photo.NewID(),
	})
	must(t, err)
	return b
}

func name(id string) photo.Name { return photo.Name{Site: "biblioteka", ID: id} }

// create stores a photo without any rendition; its original is what drawn
// returns, or nothing when b is nil.
func create(t *testing.T, s *store.Store, b *blobs.Store, id string, shade uint8) {
	t.Helper()
	facts := photo.Facts{SHA256: "none"}
	if b != nil {
		spool, err := blobs.NewSpool(t.TempDir(), 1<<20)
		must(t, err)
		defer func() { must(t, spool.Close()) }()
		_, err = spool.Write(drawn(t, shade))
		must(t, err)
		must(t, b.Put(t.Context(), blobs.Original(spool.SHA256()), spool.Reader(), spool.Size(), "image/jpeg"))
		facts.SHA256 = spool.SHA256()
	}
	p, err := photo.New(name(id), nil, facts, "ona", time.Now())
	must(t, err)
	_, err = s.Create(t.Context(), p, replay.Request{}, time.Now())
	must(t, err)
}

func drawn(t *testing.T, shade uint8) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 330, 220))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(i) ^ shade
	}
	picture.SetGray(0, 0, color.Gray{Y: shade})
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, picture, nil))
	return file.Bytes()
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
