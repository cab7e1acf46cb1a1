package card

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

func painter(tb testing.TB) *Painter {
	tb.Helper()
	p, err := New()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// photograph is a JPEG of a color for each pixel.
func photograph(tb testing.TB, width, height int, at func(x, y int) color.RGBA) []byte {
	tb.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.SetRGBA(x, y, at(x, y))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func plain(c color.RGBA) func(x, y int) color.RGBA {
	return func(int, int) color.RGBA { return c }
}

// noise is a different color at every pixel, the same ones in every run.
func noise() func(x, y int) color.RGBA {
	chance := rand.New(rand.NewPCG(7, 7))
	return func(int, int) color.RGBA {
		v := chance.Uint32()
		return color.RGBA{R: uint8(v), G: uint8(v >> 8), B: uint8(v >> 16), A: 255}
	}
}

// window is a dark room with a bright window: the hardest picture to write on.
func window(x, y int) color.RGBA {
	if x > 300 && x < 700 && y > 100 && y < 560 {
		return color.RGBA{R: 255, G: 252, B: 240, A: 255}
	}
	return color.RGBA{R: 30, G: 26, B: 22, A: 255}
}

func cover(tb testing.TB, at func(x, y int) color.RGBA) *Picture {
	tb.Helper()
	return &Picture{JPEG: photograph(tb, Width, Height, at), FocalX: 0.5, FocalY: 0.5}
}

func decoded(tb testing.TB, b []byte) image.Image {
	tb.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		tb.Fatal(err)
	}
	return picture
}

func pixels(picture image.Image) *image.RGBA {
	copied := image.NewRGBA(picture.Bounds())
	draw.Draw(copied, copied.Bounds(), picture, image.Point{}, draw.Src)
	return copied
}

const (
	library   = "Kėdainių rajono savivaldybės Mikalojaus Daukšos viešoji biblioteka"
	longTitle = "Panevėžio Gabrielės Petkevičaitės-Bitės viešojoje bibliotekoje – ąžuolų šešėlyje įrengta " +
		"nauja skaitykla po atviru dangumi: „Čia žmonės ateina ir pabūti“"
)
