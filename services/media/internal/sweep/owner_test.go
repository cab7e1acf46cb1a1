package sweep_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/sweep"
)

// TestSweepLeavesOthersAlone sweeps one bucket for two stores: the second
// knows none of the photos in it and must not remove them.
func TestSweepLeavesOthersAlone(t *testing.T) {
	s3 := objects.Server(t)
	bucket, err := blobs.Open(blobs.Config{Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "shared-" + uuid.NewString()})
	must(t, err)
	sweeper := func(name string) *sweep.Sweeper {
		records, err := boltkv.Open(filepath.Join(t.TempDir(), name), kv.Options{Format: store.Format()})
		must(t, err)
		t.Cleanup(func() { must(t, records.Close()) })
		return &sweep.Sweeper{Objects: bucket, Records: store.New(records), Grace: time.Hour, Log: testkit.Log(t)}
	}
	first, second := sweeper("first.db"), sweeper("second.db")
	_, err = first.Sweep(t.Context(), time.Now())
	must(t, err)
	photo := blobs.Original(strings.Repeat("a", 64))
	must(t, bucket.Put(t.Context(), photo, strings.NewReader("x"), 1, "image/jpeg"))

	later := time.Now().Add(48 * time.Hour)
	n, err := second.Sweep(t.Context(), later)
	if _, foreign := errors.AsType[*sweep.ForeignError](err); !foreign || n != 0 {
		t.Errorf("the second store removed %d objects, error %v; want a *ForeignError", n, err)
	}
	if _, err := bucket.Stat(t.Context(), photo); err != nil {
		t.Errorf("the photo of the first store: %v", err)
	}
	if n, err := first.Sweep(t.Context(), later); err != nil || n != 1 {
		t.Errorf("the first store removed %d orphans, %v; want 1", n, err)
	}
}
