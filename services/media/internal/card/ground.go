package card

import (
	"hash/fnv"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// paintGround fills canvas with the color of the site and, at its right edge, a
// shelf of books in shades of it. Which books stand there follows from the
// title, so that two articles without a picture can be told apart.
func paintGround(canvas *image.RGBA, base color.RGBA, title string) {
	draw.Draw(canvas, canvas.Bounds(), image.NewUniform(base), image.Point{}, draw.Src)
	hash := fnv.New64a()
	hash.Write([]byte(title))
	chance := rand.New(rand.NewPCG(hash.Sum64(), Version)) //nolint:gosec // a pattern, not a secret
	for x := shelfLeft; x < Width; {
		width := 20 + chance.IntN(34)
		if Width-x-width < 24 {
			width = Width - x
		}
		top := 70 + chance.IntN(230)
		shade := mix(base, white(), 0.06+0.2*chance.Float64())
		if chance.IntN(3) == 0 {
			shade = mix(base, color.RGBA{A: 255}, 0.14+0.2*chance.Float64())
		}
		paintBook(canvas, image.Rect(x, top, x+width-3, Height), shade, chance)
		x += width
	}
}

// paintBook draws a spine with its bands.
func paintBook(canvas *image.RGBA, spine image.Rectangle, shade color.RGBA, chance *rand.Rand) {
	draw.DrawMask(canvas, spine, image.NewUniform(shade), image.Point{}, roundedMask(spine.Size(), 3), image.Point{}, draw.Over)
	band := image.NewUniform(mix(shade, white(), 0.16))
	at := spine.Min.Y + 24 + chance.IntN(30)
	for range 1 + chance.IntN(2) {
		draw.Draw(canvas, image.Rect(spine.Min.X, at, spine.Max.X, at+4), band, image.Point{}, draw.Src)
		at += 12
	}
}

// roundedMask is opaque but for the four corners.
func roundedMask(size image.Point, radius float32) *image.Alpha {
	const bend = 0.5522847 // how far the control points of a quarter circle lie
	w, h := float32(size.X), float32(size.Y)
	k := radius * (1 - bend)
	r := vector.NewRasterizer(size.X, size.Y)
	r.MoveTo(radius, 0)
	r.LineTo(w-radius, 0)
	r.CubeTo(w-k, 0, w, k, w, radius)
	r.LineTo(w, h-radius)
	r.CubeTo(w, h-k, w-k, h, w-radius, h)
	r.LineTo(radius, h)
	r.CubeTo(k, h, 0, h-k, 0, h-radius)
	r.LineTo(0, radius)
	r.CubeTo(0, k, k, 0, radius, 0)
	r.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, size.X, size.Y))
	r.Draw(mask, mask.Bounds(), image.NewUniform(color.Alpha{A: math.MaxUint8}), image.Point{})
	return mask
}
