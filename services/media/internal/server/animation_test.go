package server_test

import (
	"bytes"
	"image/color"
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// An animated GIF moves as whole WebP, and the record says which renditions do;
// all others show its first frame.
func TestUploadAnimation(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	film := phototest.GIF(t, 400, 300, color.White, color.Black, color.White)
	p := settled(t, author, uploaded(t, author, describe(), film).GetName())
	if p.GetState() != mediav1.Photo_STATE_ACTIVE || p.GetMimeType() != "image/gif" {
		t.Errorf("state %v, media type %s", p.GetState(), p.GetMimeType())
	}
	moving := 0
	for _, r := range p.GetRenditions() {
		want := r.GetFormat() == mediav1.Rendition_FORMAT_WEBP && r.GetCrop() == mediav1.Rendition_CROP_UNSPECIFIED
		_, data, err := read(t, author, &mediav1.ReadRenditionRequest{
			Photo: p.GetName(), Format: r.GetFormat(), Width: r.GetWidth(), Crop: r.GetCrop(),
		})
		must(t, err)
		if moves := bytes.Contains(data, []byte("ANMF")); r.GetAnimated() != want || moves != want {
			t.Errorf("%v %v at %d: told to move %v, moves %v, want %v", r.GetFormat(), r.GetCrop(), r.GetWidth(), r.GetAnimated(), moves, want)
		}
		if want {
			moving++
		}
	}
	if moving != 2 {
		t.Errorf("%d renditions move, want those of 320 and 400 pixels", moving)
	}
}
