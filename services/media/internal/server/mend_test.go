package server_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// TestLostObjectsAreReplaced sends a photo again whose bytes the object store
// lost.
func TestLostObjectsAreReplaced(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 400, 300, 77)
	first := settled(t, author, uploaded(t, author, describe(), data).GetName())
	for object, err := range s.objects.List(t.Context(), "") {
		must(t, err)
		must(t, s.objects.Remove(t.Context(), object.Key))
	}
	d := describe()
	d.DuplicatePolicy = mediav1.DuplicatePolicy_DUPLICATE_POLICY_REUSE
	again := uploaded(t, author, d, data)
	if again.GetName() != first.GetName() {
		t.Fatalf("sent again it is %s, want %s", again.GetName(), first.GetName())
	}
	if object, err := s.objects.Stat(t.Context(), blobs.Original(sum(data))); err != nil || object.Size != int64(len(data)) {
		t.Errorf("the original: %+v, %v", object, err)
	}
	for _, r := range settled(t, author, first.GetName()).GetRenditions() {
		_, signature, _ := strings.Cut(r.GetUri(), "?")
		req := &mediav1.ReadRenditionRequest{
			Photo: first.GetName(), Format: r.GetFormat(), Width: r.GetWidth(), Crop: r.GetCrop(), Signature: signature,
		}
		if _, file, err := read(t, author, req); err != nil || int64(len(file)) != r.GetSizeBytes() {
			t.Errorf("%s: %d bytes, %v", r.GetUri(), len(file), err)
		}
	}
}
