package server_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// through starts a service that reaches its object store through a proxy.
func through(t *testing.T) (*suite, *miniotest.Proxy) {
	t.Helper()
	server := objects.Server(t)
	proxy := miniotest.NewProxy(t, server.Endpoint)
	return newSuiteOn(t, &minio.Server{Endpoint: proxy.Addr, AccessKey: server.AccessKey, SecretKey: server.SecretKey}, nil), proxy
}

// The object store goes away between the answer to an upload and the other
// formats. Clients see that the JPEG sizes are there, that the rest is tried
// again and why, and at no moment a rendition that cannot be read.
func TestObjectStoreGoesAwayDuringRenditions(t *testing.T) {
	s, proxy := through(t)
	author := s.client(auth.Author)
	p := uploaded(t, author, describe(), drawn(t, 1400, 1000, 55))
	proxy.Set(miniotest.Mode{Down: true})
	failed := func(status *mediav1.FormatStatus) bool { return status.GetFailure() != "" }
	waiting := awaitPhoto(t, author, p.GetName(), func(p *mediav1.Photo) bool { return slices.ContainsFunc(p.GetFormatStatuses(), failed) })
	if waiting.GetState() != mediav1.Photo_STATE_PROCESSING {
		t.Errorf("state %v while the object store is away, want PROCESSING", waiting.GetState())
	}
	for _, status := range waiting.GetFormatStatuses() {
		if status.GetState() == mediav1.FormatStatus_STATE_FAILED {
			t.Errorf("given up while the object store is away: %v", status)
		}
	}
	proxy.Set(miniotest.Mode{})
	checkRenditions(t, author, waiting)
	ready := settled(t, author, p.GetName())
	if ready.GetState() != mediav1.Photo_STATE_ACTIVE || ready.GetEtag() != p.GetEtag() {
		t.Errorf("state %v, etag %s, want ACTIVE and %s", ready.GetState(), ready.GetEtag(), p.GetEtag())
	}
	checkRenditions(t, author, ready)
}

// awaitPhoto waits until a photo is as it should be.
func awaitPhoto(t *testing.T, client mediav1.MediaServiceClient, name string, good func(*mediav1.Photo) bool) *mediav1.Photo {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(time.Minute)
	for {
		p, err := client.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: name, View: working})
		must(t, err)
		if good(p) {
			return p
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("the photo stays %v", p)
		}
	}
}

// A rendition that breaks off is an error with advice, never a short picture.
func TestObjectStoreGoesAwayDuringRead(t *testing.T) {
	s, proxy := through(t)
	author := s.client(auth.Author)
	p := settled(t, author, uploaded(t, author, describe(), drawn(t, 1400, 1000, 56)).GetName())
	largest := slices.MaxFunc(p.GetRenditions(), func(a, b *mediav1.Rendition) int { return int(a.GetSizeBytes() - b.GetSizeBytes()) })
	request := &mediav1.ReadRenditionRequest{
		Photo: p.GetName(), Format: largest.GetFormat(), Width: largest.GetWidth(), Crop: largest.GetCrop(),
	}
	proxy.Set(miniotest.Mode{CutAfter: int(largest.GetSizeBytes() / 2)})
	_, data, err := read(t, author, request)
	if int64(len(data)) >= largest.GetSizeBytes() {
		t.Fatalf("all %d bytes came; the test proves nothing", len(data))
	}
	wantAway(t, err)
	proxy.Set(miniotest.Mode{})
	if _, data, err := read(t, author, request); err != nil || int64(len(data)) != largest.GetSizeBytes() {
		t.Errorf("with the object store back: %d bytes of %d, %v", len(data), largest.GetSizeBytes(), err)
	}
}

// The disk of the object store is lost. Reads say so, the records stay,
// verifying lists what is gone, and new photos are taken.
func TestObjectStoreWiped(t *testing.T) {
	s3 := miniotest.Start(t)
	s := newSuiteOn(t, s3.Server, nil)
	author, operator := s.client(auth.Author), s.client(auth.Operator)
	data := drawn(t, 400, 300, 57)
	lost := settled(t, author, uploaded(t, author, describe(), data).GetName())
	s3.Wipe(t)
	r := lost.GetRenditions()[0]
	_, _, err := read(t, author, &mediav1.ReadRenditionRequest{Photo: lost.GetName(), Format: r.GetFormat(), Width: r.GetWidth()})
	if e := testkit.WantFault(t, err, codes.DataLoss, faultv1.Reason_REASON_STORE_DAMAGED); !strings.Contains(e.Message, "VerifyPhotos") {
		t.Errorf("%q: no advice", e.Message)
	}
	_, err = author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: lost.GetName(), View: working})
	must(t, err)
	if found := s.verify(t, operator, true); int(found.GetMissingCount()) != len(lost.GetRenditions())+1 {
		t.Errorf("%d objects are missing, want the original and %d renditions", found.GetMissingCount(), len(lost.GetRenditions()))
	}
	settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 58)).GetName())
	// The same photo again brings the bytes back, for the earlier record too.
	settled(t, author, uploaded(t, author, describe(), data).GetName())
	if found := s.verify(t, operator, true); found.GetDamagedCount() != 0 {
		t.Errorf("found %v", found)
	}
	if found := s.verify(t, operator, true); len(found.GetProblems()) != 0 {
		t.Errorf("after the photo was sent again: %v", found.GetProblems())
	}
}
