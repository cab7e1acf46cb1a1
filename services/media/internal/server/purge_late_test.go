package server_test

import (
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// withdrawn uploads a photo and withdraws it, to be purged at once.
func (s *suite) withdrawn(t *testing.T, seed uint8) *mediav1.Photo {
	t.Helper()
	editor := s.client(auth.Editor)
	p := settled(t, editor, uploaded(t, editor, describe(), drawn(t, 400, 300, seed)).GetName())
	_, err := editor.WithdrawPhoto(t.Context(), &mediav1.WithdrawPhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), Reason: "Klaida", Purge: true})
	must(t, err)
	return p
}

// TestPurgeFindsLateRenditions purges a photo of which a worker, which has not
// learned of the withdrawal yet, puts one more rendition.
func TestPurgeFindsLateRenditions(t *testing.T) {
	s := newSuite(t)
	p := s.withdrawn(t, 160)
	now := time.Now()
	s.purge(t, now)
	late := blobs.Rendition(p.GetSha256(), p.GetGeneration(), "320.avif")
	must(t, s.objects.Put(t.Context(), late, strings.NewReader("x"), 1, "image/avif"))
	s.purge(t, now.Add(10*time.Minute))
	if n := s.objectCount(t, p.GetSha256()); n != 0 {
		t.Errorf("%d objects are left", n)
	}
	s.purge(t, now.Add(20*time.Minute))
	if rows := s.rows(t, "dq/"); len(rows) != 0 {
		t.Errorf("the store still has %q", rows)
	}
}

// TestPurgeAfterAbandonedRemoval purges a photo whose objects another process
// was about to remove when it was killed.
func TestPurgeAfterAbandonedRemoval(t *testing.T) {
	s := newSuite(t)
	p := s.withdrawn(t, 161)
	now := time.Now()
	name, err := photo.ParseName("name", p.GetName())
	must(t, err)
	if purged, err := s.store.Purge(t.Context(), name, now); err != nil || !purged {
		t.Fatalf("Purge = %v, %v", purged, err)
	}
	if condemned, err := s.store.Condemn(t.Context(), p.GetSha256(), now); err != nil || !condemned {
		t.Fatalf("Condemn = %v, %v", condemned, err)
	}
	s.purge(t, now)
	if n := s.objectCount(t, p.GetSha256()); n == 0 {
		t.Error("objects were removed that another process removes; the test proves nothing")
	}
	s.purge(t, now.Add(2*time.Hour))
	if n := s.objectCount(t, p.GetSha256()); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}
