// Package thumbhash makes ThumbHash placeholders: a picture in about 25 bytes
// that a page shows blurred while the photo loads. The format is the public
// one, so that the existing decoders in browsers and apps read it.
//
// A hash holds a few cosine coefficients of each channel: luminance, yellow
// against blue, red against green and, when there is any, alpha; and the shape
// of the picture in how many luminance coefficients each axis has.
package thumbhash

import (
	"fmt"
	"math"
)

// MaxSide is the longest side of a picture that can be hashed, in pixels.
const MaxSide = 100

// Encode hashes width times height RGBA pixels with straight alpha, row by
// row. Both sides must be 1 to [MaxSide].
func Encode(width, height int, rgba []byte) ([]byte, error) {
	if width < 1 || height < 1 || width > MaxSide || height > MaxSide || len(rgba) != width*height*4 {
		return nil, fmt.Errorf("thumbhash: %d bytes for %d x %d pixels: each side must be 1 to %d",
			len(rgba), width, height, MaxSide)
	}
	planes, opaque := split(rgba)
	longest := float64(max(width, height))
	budget := 7.0 // luminance coefficients of the longer axis
	if !opaque {
		budget = 5
	}
	nx := max(1, round(budget*float64(width)/longest))
	ny := max(1, round(budget*float64(height)/longest))

	l := transform(planes[0], width, height, max(3, nx), max(3, ny))
	p := transform(planes[1], width, height, 3, 3)
	q := transform(planes[2], width, height, 3, 3)

	landscape := width > height
	header := round(63*l.mean) | round(31.5+31.5*p.mean)<<6 | round(31.5+31.5*q.mean)<<12 |
		round(31*l.scale)<<18 | bit(!opaque)<<23
	shape := ny
	if !landscape {
		shape = nx
	}
	shape |= round(63*p.scale)<<3 | round(63*q.scale)<<9 | bit(landscape)<<15
	hash := []byte{
		byte(header & 0xff), byte(header >> 8 & 0xff), byte(header >> 16 & 0xff),
		byte(shape & 0xff), byte(shape >> 8 & 0xff),
	}
	waves := [][]float64{l.waves, p.waves, q.waves}
	if !opaque {
		a := transform(planes[3], width, height, 5, 5)
		hash = append(hash, byte((round(15*a.mean)|round(15*a.scale)<<4)&0xff))
		waves = append(waves, a.waves)
	}
	return pack(hash, waves), nil
}

// split turns pixels into the channels L, P, Q and A, each 0 to 1 or -1 to 1.
// Transparent parts take the average color, so that they do not stain it.
func split(rgba []byte) (planes [4][]float64, opaque bool) {
	n := len(rgba) / 4
	var sum [3]float64
	var alpha float64
	for i := range n {
		a := float64(rgba[4*i+3]) / 255
		alpha += a
		for c := range sum {
			sum[c] += a * float64(rgba[4*i+c]) / 255
		}
	}
	if alpha > 0 {
		for c := range sum {
			sum[c] /= alpha
		}
	}
	for c := range planes {
		planes[c] = make([]float64, n)
	}
	for i := range n {
		a := float64(rgba[4*i+3]) / 255
		var v [3]float64
		for c := range v {
			v[c] = sum[c]*(1-a) + a*float64(rgba[4*i+c])/255
		}
		planes[0][i] = (v[0] + v[1] + v[2]) / 3
		planes[1][i] = (v[0]+v[1])/2 - v[2]
		planes[2][i] = v[0] - v[1]
		planes[3][i] = a
	}
	return planes, alpha >= float64(n)
}

// spectrum of one channel: the mean, and the waves as 0 to 1 around the middle
// after division by the strongest, which is scale.
type spectrum struct {
	mean, scale float64
	waves       []float64
}

// transform takes the lower left triangle of nx times ny cosine coefficients.
func transform(plane []float64, width, height, nx, ny int) spectrum {
	var s spectrum
	for cy := range ny {
		for cx := 0; cx*ny < nx*(ny-cy); cx++ {
			f := coefficient(plane, width, height, cx, cy)
			if cx == 0 && cy == 0 {
				s.mean = f
				continue
			}
			s.waves = append(s.waves, f)
			s.scale = max(s.scale, math.Abs(f))
		}
	}
	if s.scale > 0 {
		for i, f := range s.waves {
			s.waves[i] = 0.5 + 0.5/s.scale*f
		}
	}
	return s
}

func coefficient(plane []float64, width, height, cx, cy int) float64 {
	across := make([]float64, width)
	for x := range across {
		across[x] = math.Cos(math.Pi / float64(width) * float64(cx) * (float64(x) + 0.5))
	}
	var f float64
	for y := range height {
		down := math.Cos(math.Pi / float64(height) * float64(cy) * (float64(y) + 0.5))
		for x := range width {
			f += plane[y*width+x] * across[x] * down
		}
	}
	return f / float64(width*height)
}

// pack appends four bits per wave, the lower half of a byte first.
func pack(hash []byte, channels [][]float64) []byte {
	high := false
	for _, waves := range channels {
		for _, f := range waves {
			nibble := byte(round(15*f) & 0xf)
			if high {
				hash[len(hash)-1] |= nibble << 4
			} else {
				hash = append(hash, nibble)
			}
			high = !high
		}
	}
	return hash
}

// round rounds halves up, as the format's other encoders do.
func round(f float64) int { return int(math.Floor(f + 0.5)) }

func bit(set bool) int {
	if set {
		return 1
	}
	return 0
}
