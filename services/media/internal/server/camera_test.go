package server_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Photographs as cameras and phones make them. They lie beside the repository,
// in ../shared of its root, and are not part of it.
func TestUploadCameraPhotos(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	for _, test := range []struct {
		file      string
		mediaType string
	}{
		{"stazuote-danijoje/hblkb.jpg", "image/jpeg"},
		{"stazuote-danijoje/hjl.heic", "image/heic"},
		{"photos/denali.webp", "image/webp"},
		{"photos/animated-pan.gif", "image/gif"},
		{"photos/orientation-portrait-6.jpg", "image/jpeg"},
		{"photos/red-car-cmyk-noicc.jpg", "image/jpeg"},
	} {
		t.Run(filepath.Base(test.file), func(t *testing.T) {
			data := shared(t, test.file)
			began := time.Now()
			p := uploaded(t, author, describe(), data)
			answered := time.Since(began)
			p = settled(t, author, p.GetName())
			t.Logf("%d KB, %dx%d: answered after %s, ready after %s", len(data)>>10, p.GetWidth(), p.GetHeight(),
				answered.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
			if p.GetState() != mediav1.Photo_STATE_ACTIVE || p.GetMimeType() != test.mediaType {
				t.Errorf("state %v, media type %s, want READY and %s", p.GetState(), p.GetMimeType(), test.mediaType)
			}
			widest := int32(0)
			for _, r := range p.GetRenditions() {
				widest = max(widest, r.GetWidth())
			}
			if widest != min(p.GetWidth(), 2560) {
				t.Errorf("the widest rendition has %d pixels of %d", widest, p.GetWidth())
			}
			checkRenditions(t, author, p)
		})
	}
}

// shared reads a photograph from beside the repository, and skips the test
// where there is none.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the photograph %s is not in ../shared beside the repository", name)
	}
	must(t, err)
	return data
}
