package card

import (
	"bytes"
	"image/jpeg"
	"testing"
)

// BenchmarkDraw compares a card with what nobody can save: encoding a JPEG of
// its size in the same quality.
func BenchmarkDraw(b *testing.B) {
	p := painter(b)
	large := &Picture{JPEG: photograph(b, 2560, 1707, window), FocalX: 0.5, FocalY: 0.5}
	with := Input{Title: longTitle, Language: "lt", SiteName: library, Cover: cover(b, window)}
	drawn, err := p.sketch(with).draw()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("bare-encode", func(b *testing.B) {
		for b.Loop() {
			if err := jpeg.Encode(new(bytes.Buffer), drawn.canvas, &jpeg.Options{Quality: 88}); err != nil {
				b.Fatal(err)
			}
		}
	})
	without, scaled := with, with
	without.Cover, scaled.Cover = nil, large
	for _, kind := range []struct {
		name string
		in   Input
	}{{"color", without}, {"cover-1200", with}, {"cover-2560", scaled}} {
		b.Run(kind.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Draw(kind.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
