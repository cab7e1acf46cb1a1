package phototest

import (
	"image"
	"image/color"
	"math"
)

// Photo draws what is like a photograph to a codec, the same every time: soft
// light, structure at every scale that is the fainter the finer it is, as in
// nature, edges, and the grain of a sensor. A 24 megapixel one takes seconds.
func Photo(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	const octaves, coarsest, roughness = 9, 1.0 / 3, 0.55
	for y := range height {
		v := float64(y) / float64(width)
		for x := range width {
			u := float64(x) / float64(width)
			light, weight, scale := 0.0, 1.0, 1/coarsest
			for octave := range octaves {
				light += weight * smooth(u*scale, v*scale, uint32(octave))
				weight *= roughness
				scale *= 2
			}
			edge := 0.0
			if math.Mod(9*u+smooth(5*u, 5*v, 77), 1) < 0.3 {
				edge = 0.25
			}
			grain := (hash(uint32(x), uint32(y), 99) - 0.5) * 10
			tint := smooth(3*u, 3*v, 55) //nolint:mnd // three patches of color across
			at := func(share float64) uint8 { return level(150 + 110*(light*0.5+edge*share-0.2*tint*share) + grain) }
			img.SetNRGBA(x, y, color.NRGBA{R: at(1), G: at(0.7), B: at(0.2), A: 255})
		}
	}
	return img
}

func level(v float64) uint8 { return uint8(min(255, max(0, v))) }

// smooth is noise of unit scale, -1 to 1, without steps.
func smooth(u, v float64, seed uint32) float64 {
	x, y := math.Floor(u), math.Floor(v)
	fade := func(t float64) float64 { return t * t * (3 - 2*t) }
	fx, fy := fade(u-x), fade(v-y)
	at := func(dx, dy float64) float64 { return 2*hash(uint32(x+dx), uint32(y+dy), seed) - 1 }
	top := at(0, 0)*(1-fx) + at(1, 0)*fx
	bottom := at(0, 1)*(1-fx) + at(1, 1)*fx
	return top*(1-fy) + bottom*fy
}

// hash scatters a point over 0 to 1.
func hash(x, y, seed uint32) float64 {
	h := x*0x9e3779b1 ^ y*0x85ebca6b ^ seed*0xc2b2ae35
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	h ^= h >> 15
	return float64(h) / (1 << 32)
}
