package server_test

import (
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Another focal point makes the cut renditions anew and no others; another
// credit makes all anew. What pages in caches point at can still be read.
func TestRenditionsFollowEdits(t *testing.T) {
	s := newSuite(t)
	editor := s.client(auth.Editor)
	p := settled(t, editor, uploaded(t, editor, describe(), drawn(t, 700, 400, 60)).GetName())
	s.publish(t, p.GetName())

	refocused := edited(t, editor, &mediav1.Photo{
		Name: p.GetName(), Etag: p.GetEtag(), FocalPoint: &mediav1.Photo_FocalPoint{X: 0.1, Y: 0.9},
	})
	if len(refocused.GetRenditions()) != len(p.GetRenditions()) {
		t.Errorf("%d renditions, before %d", len(refocused.GetRenditions()), len(p.GetRenditions()))
	}
	for i, r := range refocused.GetRenditions() {
		before := p.GetRenditions()[i]
		if same, whole := addressOf(r) == addressOf(before), r.GetCrop() == 0; same != whole {
			t.Errorf("%s became %s", addressOf(before), addressOf(r))
		}
	}
	credited := edited(t, editor, &mediav1.Photo{Name: p.GetName(), Etag: refocused.GetEtag(), Credit: "Ona Onaitė"})
	for i, r := range credited.GetRenditions() {
		if addressOf(r) == addressOf(refocused.GetRenditions()[i]) {
			t.Errorf("%s has another credit and the same address", addressOf(r))
		}
	}
	captioned := edited(t, editor, &mediav1.Photo{Name: p.GetName(), Etag: credited.GetEtag(), Captions: map[string]string{"lt": "Langas"}})
	if captioned.GetState() != mediav1.Photo_STATE_ACTIVE || addressOf(captioned.GetRenditions()[0]) != addressOf(credited.GetRenditions()[0]) {
		t.Error("a caption, which is not in the files, made them anew")
	}

	reader := s.client(auth.Anonymous)
	for _, old := range []*mediav1.Rendition{p.GetRenditions()[0], p.GetRenditions()[len(p.GetRenditions())-1], refocused.GetRenditions()[3]} {
		if _, data, err := read(t, reader, request(t, addressOf(old))); err != nil || int64(len(data)) != old.GetSizeBytes() {
			t.Errorf("the earlier %s: %d bytes, %v", addressOf(old), len(data), err)
		}
	}
	never := request(t, addressOf(p.GetRenditions()[0]))
	never.Generation = "r1-0000000000"
	_, _, err := read(t, reader, never)
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)

	// They are as private as the photo is.
	s.unpublish(t)
	_, _, err = read(t, reader, request(t, addressOf(p.GetRenditions()[0])))
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// edited updates what p sets and returns the photo when its renditions are
// there.
func edited(t *testing.T, client mediav1.MediaServiceClient, p *mediav1.Photo) *mediav1.Photo {
	t.Helper()
	changed, err := client.UpdatePhoto(t.Context(), &mediav1.UpdatePhotoRequest{Photo: p})
	must(t, err)
	return settled(t, client, changed.GetName())
}

// addressOf returns the address of a rendition without its signature.
func addressOf(r *mediav1.Rendition) string {
	address, _, _ := strings.Cut(r.GetUri(), "?")
	return address
}

// request asks for what is at an address.
func request(t *testing.T, uri string) *mediav1.ReadRenditionRequest {
	t.Helper()
	a, ok := photo.ParseAddress(uri)
	if !ok {
		t.Fatalf("%q is no address", uri)
	}
	return &mediav1.ReadRenditionRequest{
		Photo: a.Name.String(), Format: a.Format, Crop: a.Crop, Width: a.Width, Generation: a.Generation,
	}
}
