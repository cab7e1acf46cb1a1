package drawing_test

import (
	"bytes"
	"errors"
	"image/jpeg"
	"testing"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/demo/drawing"
)

func TestDrawingsRepeat(t *testing.T) {
	for _, name := range drawing.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, err := drawing.JPEG(name)
			if err != nil {
				t.Fatal(err)
			}
			second, err := drawing.JPEG(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first, second) {
				t.Error("the same picture gave other bytes the second time")
			}
			shape, err := jpeg.DecodeConfig(bytes.NewReader(first))
			if err != nil {
				t.Fatal(err)
			}
			wide, tall := shape.Width == 1800 && shape.Height == 1200, shape.Width == 1200 && shape.Height == 1600
			if !wide && !tall {
				t.Errorf("size %d × %d, want 1800 × 1200 or 1200 × 1600", shape.Width, shape.Height)
			}
		})
	}
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
