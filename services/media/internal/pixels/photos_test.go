package pixels_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

func TestPhotographs(t *testing.T) {
	p := newProcessor(t, nil)
	for _, c := range []struct {
		name, mediaType              string
		width, height, frames, rungs int
	}{
		{"stazuote-danijoje/hblkb.jpg", "image/jpeg", 4288, 2848, 1, 3},
		{"stazuote-danijoje/fgj.jpg", "image/jpeg", 1210, 1613, 1, 3},
		{"stazuote-danijoje/hjl.heic", "image/heic", 3024, 4032, 1, 3},
		{"photos/hdr-10bit-p3-20mp.avif", "image/avif", 3681, 5594, 1, 3},
		{"photos/denali.webp", "image/webp", 600, 315, 1, 2},
		{"photos/animated-pan.gif", "image/gif", 320, 240, 10, 1},
		{"photos/red-car-cmyk-noicc.jpg", "image/jpeg", 1709, 1139, 1, 3},
		{"photos/street-16bit.png", "image/png", 593, 901, 1, 2},
		{"photos/orientation-portrait-6.jpg", "image/jpeg", 1200, 1800, 1, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := render(t.Context(), p, shared(t, c.name), pixels.Job{Widths: []int{320, 640, 1800}})
			if err != nil {
				t.Fatal(err)
			}
			if i := got.info; i.MediaType != c.mediaType || i.Width != c.width || i.Height != c.height || i.Frames != c.frames {
				t.Errorf("got %+v, want %+v", *i, c)
			}
			if len(got.renditions) != 2*c.rungs {
				t.Fatalf("got %d renditions, want %d", len(got.renditions), 2*c.rungs)
			}
			for i, r := range got.renditions {
				checkRendition(t, r)
				if want := (i < c.rungs); want != (r.Format == pixels.JPEG) {
					t.Errorf("rendition %d is %s", i, r.Format)
				}
			}
		})
	}
}
