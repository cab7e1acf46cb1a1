package drawing_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/demo/drawing"
)

// TestJPEG draws one picture of each shape. That all of them give the same
// bytes every time is tested where they are laid out, for drawing is slow
// under the race detector.
func TestJPEG(t *testing.T) {
	for name, want := range map[string]image.Point{"lamp": {X: 1800, Y: 1200}, "tools": {X: 1200, Y: 1600}} {
		t.Run(name, func(t *testing.T) {
			b, err := drawing.JPEG(name)
			if err != nil {
				t.Fatal(err)
			}
			img, err := jpeg.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if got := img.Bounds().Size(); got != want {
				t.Errorf("size %v, want %v", got, want)
			}
			if colors := colorsOf(img); colors < 100 {
				t.Errorf("%d colors on a coarse grid, want a picture", colors)
			}
		})
	}
}

// colorsOf counts the colors on a coarse grid.
func colorsOf(img image.Image) int {
	seen := map[color.Color]bool{}
	size := img.Bounds().Size()
	for y := 0; y < size.Y; y += 37 {
		for x := 0; x < size.X; x += 37 {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

func TestUnknownName(t *testing.T) {
	_, err := drawing.JPEG("nobody-drew-this")
	if unknown, ok := errors.AsType[*drawing.UnknownError](err); !ok || unknown.Name != "nobody-drew-this" {
		t.Errorf("got %v, want an UnknownError of that name", err)
	}
}

func BenchmarkJPEG(b *testing.B) {
	for b.Loop() {
		for _, name := range drawing.Names() {
			if _, err := drawing.JPEG(name); err != nil {
				b.Fatal(err)
			}
		}
	}
}
