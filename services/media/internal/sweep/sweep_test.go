package sweep_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/sweep"
)

var objects miniotest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	objects.Close()
	os.Exit(code)
}

func TestSweep(t *testing.T) {
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	photos := store.New(records)
	s3 := objects.Server(t)
	bucket, err := blobs.Open(blobs.Config{Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "sweep-" + uuid.NewString()})
	must(t, err)

	used, orphan, arriving := strings.Repeat("a", 64), strings.Repeat("b", 64), strings.Repeat("c", 64)
	keep := []blobs.Key{
		blobs.Original(used), blobs.Original(arriving), blobs.Rendition(used, "r1", "320.jpg"), blobs.Rendition(arriving, "r1", "320.jpg"),
		"somebody/elses",
	}
	drop := []blobs.Key{
		blobs.Original(orphan), blobs.Rendition(orphan, "r1", "320.jpg"), blobs.Rendition(orphan, "r1", "640.jpg"),
		blobs.Rendition(used, "r0", "320.jpg"),
	}
	for _, key := range append(keep, drop...) {
		must(t, bucket.Put(t.Context(), key, strings.NewReader("x"), 1, "image/jpeg"))
	}
	now := time.Now()
	name := photo.Name{Site: "abc", ID: "viena"}
	p, err := photo.New(name, nil, photo.Facts{SHA256: used}, "ona", now)
	must(t, err)
	p.Renditions = []*mediav1.Rendition{{Uri: photo.Address{
		Name: name, Generation: "r1", Width: 320, Format: mediav1.Rendition_FORMAT_JPEG,
	}.String()}}
	_, err = photos.Create(t.Context(), p, replay.Request{ID: "x"}, now)
	must(t, err)

	s := &sweep.Sweeper{Objects: bucket, Records: photos, Grace: 24 * time.Hour, Log: testkit.Log(t)}
	if n, err := s.Sweep(t.Context(), now.Add(23*time.Hour)); n != 0 || err != nil {
		t.Errorf("within the grace time Sweep = %d, %v; want nothing", n, err)
	}
	later := now.Add(25 * time.Hour)
	must(t, photos.Announce(t.Context(), arriving, name, later))
	careful := *s
	careful.KeepOrphans = true
	if n, err := careful.Sweep(t.Context(), later); n != 1 || err != nil {
		t.Errorf("with orphans kept Sweep = %d, %v; want the stale rendition only", n, err)
	}
	if n, err := s.Sweep(t.Context(), later); n != len(drop)-1 || err != nil {
		t.Errorf("Sweep = %d, %v; want %d", n, err, len(drop)-1)
	}
	var left []blobs.Key
	for object, err := range bucket.List(t.Context(), "") {
		must(t, err)
		if object.Key != "owner" { // the sweeper's own
			left = append(left, object.Key)
		}
	}
	if diff := cmp.Diff(keep, left); diff != "" {
		t.Errorf("objects left (-want +got):\n%s", diff)
	}
	// The swept content may come again.
	must(t, photos.Announce(t.Context(), orphan, name, later))
	if got, err := photos.Replayed(t.Context(), replay.Request{ID: "x"}, now); got != nil || err != nil {
		t.Errorf("the request is still known: %v, %v", got, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
