package card

import (
	"image"
	"image/color"
)

const (
	// leastScrim is the strength of the scrim over a picture that is dark
	// enough without, so that text and picture stay apart.
	leastScrim = 0.3
	// fade is over how many pixels the scrim begins above the text.
	fade = 230
	// scrimLead is how far above the first line it has its full strength.
	scrimLead = 16
)

// scrimColor is nearly black, with a breath of the color of the site.
func scrimColor(site color.RGBA) color.RGBA {
	return mix(color.RGBA{R: 8, G: 9, B: 10, A: 255}, site, 0.22)
}

// shade lays a scrim over canvas that grows from above the zones and is even
// behind them, just strong enough that white text reaches the contrast on
// every pixel of every zone.
func shade(canvas *image.RGBA, scrim color.RGBA, zones []image.Rectangle) {
	top := Height
	veil := newVeil(scrim, leastScrim)
	for _, zone := range zones {
		zone = zone.Intersect(canvas.Bounds())
		top = min(top, zone.Min.Y-scrimLead)
		veil = veil.until(canvas, zone)
	}
	for y := range Height {
		if share := veil.share * rise(float64(y-(top-fade))/fade); share > 0 {
			newVeil(scrim, share).cover(row(canvas, y))
		}
	}
}

// rise goes smoothly from 0 to 1.
func rise(at float64) float64 {
	at = min(max(at, 0), 1)
	return at * at * (3 - 2*at)
}

// row is the pixels of one row, four bytes each.
func row(canvas *image.RGBA, y int) []uint8 {
	return canvas.Pix[canvas.PixOffset(canvas.Rect.Min.X, y):][:canvas.Rect.Dx()*4]
}

// veil is a scrim of one strength: what becomes of every value of a channel.
type veil struct {
	scrim   color.RGBA
	share   float64
	channel [3][256]uint8
}

func newVeil(scrim color.RGBA, share float64) *veil {
	v := &veil{scrim: scrim, share: share}
	for value := range 256 {
		gray := uint8(value)
		c := mix(color.RGBA{R: gray, G: gray, B: gray}, scrim, share)
		v.channel[0][value], v.channel[1][value], v.channel[2][value] = c.R, c.G, c.B
	}
	return v
}

// until returns the veil that is strong enough for every pixel of zone: v or a
// stronger one.
func (v *veil) until(canvas *image.RGBA, zone image.Rectangle) *veil {
	const most = 1.05/leastContrast - 0.05 // of luminance
	luminous := v.luminous()
	for y := zone.Min.Y; y < zone.Max.Y; y++ {
		pixels := row(canvas, y)[zone.Min.X*4 : zone.Max.X*4]
		for i := 0; i < len(pixels); i += 4 {
			for luminous[0][pixels[i]]+luminous[1][pixels[i+1]]+luminous[2][pixels[i+2]] > most {
				v = newVeil(v.scrim, v.share+0.01)
				luminous = v.luminous()
			}
		}
	}
	return v
}

// luminous is what every value of a channel gives to the luminance behind the
// veil.
func (v *veil) luminous() *[3][256]float64 {
	var table [3][256]float64
	for value := range 256 {
		table[0][value] = luminance(color.RGBA{R: v.channel[0][value]})
		table[1][value] = luminance(color.RGBA{G: v.channel[1][value]})
		table[2][value] = luminance(color.RGBA{B: v.channel[2][value]})
	}
	return &table
}

func (v *veil) cover(pixels []uint8) {
	for i := 0; i < len(pixels); i += 4 {
		pixels[i], pixels[i+1], pixels[i+2] = v.channel[0][pixels[i]], v.channel[1][pixels[i+1]], v.channel[2][pixels[i+2]]
	}
}
