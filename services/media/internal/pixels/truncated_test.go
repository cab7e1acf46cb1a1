package pixels_test

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// kinds is a photo of ours in every kind of file that is accepted.
func kinds(t *testing.T) map[string][]byte {
	t.Helper()
	source := picture(t, 600, 450)
	deep := image.NewNRGBA64(image.Rect(0, 0, 300, 200))
	board(deep, patches())
	gifFile := film(t, 300, 200, color.White, color.Black, color.White)
	return map[string][]byte{
		"jpeg":             snapshot(t, gradient(600, 450)),
		"progressive jpeg": encoded(t, source, ".jpg[interlace]"),
		"cmyk jpeg":        exported(t, source, "cmyk", ".jpg"),
		"png":              source,
		"interlaced png":   encoded(t, source, ".png[interlace]"),
		"webp":             encoded(t, source, ".webp"),
		"lossless webp":    encoded(t, source, ".webp[lossless]"),
		"animated webp":    animated(t, gifFile, ".webp"),
		"gif":              animation(t, 1, 300, 200),
		"animated gif":     gifFile,
		"tiff":             phototest.TIFF(deep, nil, nil, nil, ""),
		"packed tiff":      encoded(t, source, ".tif[compression=deflate,tile]"),
		"jpeg in tiff":     encoded(t, source, ".tif[compression=jpeg]"),
		"heic":             encoded(t, source, ".heic"),
		"avif":             encoded(t, source, ".avif[effort=0]"),
	}
}

// TestCutShort cuts each kind of file at every tenth and a little before its
// end. No part of a photo is taken for the photo.
func TestCutShort(t *testing.T) {
	p := newProcessor(t, nil)
	for name, file := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			if _, err := render(t.Context(), p, file, pixels.Job{Widths: []int{64}}); err != nil {
				t.Fatalf("whole: %v", err)
			}
			cuts := map[string]int{"without its last 1 %": len(file) * 99 / 100, "1 byte": 1}
			for tenth := 1; tenth < 10; tenth++ {
				cuts[fmt.Sprintf("%d %%", 10*tenth)] = len(file) * tenth / 10
			}
			for cut, size := range cuts {
				got, err := render(t.Context(), p, file[:size], pixels.Job{Widths: []int{64}})
				if err == nil {
					t.Errorf("%s (%d of %d bytes): %d renditions", cut, size, len(file), len(got.renditions))
					continue
				}
				want := pixels.Corrupt
				if size == 1 {
					want = pixels.UnsupportedFormat
				}
				wantReason(t, err, want)
			}
		})
	}
}
