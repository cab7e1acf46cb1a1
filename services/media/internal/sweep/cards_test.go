package sweep_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/sweep"
)

// TestSweepCards keeps the current card of a published article and removes its
// earlier one and that of an article that is gone, after the grace time.
func TestSweepCards(t *testing.T) {
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	photos := store.New(records)
	s3 := objects.Server(t)
	bucket, err := blobs.Open(blobs.Config{Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "sweep-" + uuid.NewString()})
	must(t, err)
	const public, gone = "sites/abc/articles/viena", "sites/abc/articles/kita"
	_, err = photos.SetCard(t.Context(), public, &recordv1.Card{Title: "Viena"})
	must(t, err)
	must(t, photos.FinishCard(t.Context(), store.CardJob{Article: public}, &recordv1.DrawnCard{Generation: "new"}))
	kept := blobs.Card(public, "new")
	for _, key := range []blobs.Key{kept, blobs.Card(public, "old"), blobs.Card(gone, "new"), "card/somebody/elses.txt"} {
		must(t, bucket.Put(t.Context(), key, strings.NewReader("x"), 1, "image/jpeg"))
	}
	s := &sweep.Sweeper{Objects: bucket, Records: photos, Grace: 24 * time.Hour, Log: testkit.Log(t)}
	if n, err := s.Sweep(t.Context(), time.Now().Add(23*time.Hour)); n != 0 || err != nil {
		t.Errorf("within the grace time Sweep = %d, %v; want nothing", n, err)
	}
	if n, err := s.Sweep(t.Context(), time.Now().Add(25*time.Hour)); n != 2 || err != nil {
		t.Errorf("Sweep = %d, %v; want two cards", n, err)
	}
	if _, err := bucket.Stat(t.Context(), kept); err != nil {
		t.Errorf("the current card: %v", err)
	}
}
