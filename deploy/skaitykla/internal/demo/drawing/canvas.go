package drawing

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// canvas is a picture on its way.
type canvas struct {
	img    *image.RGBA
	w, h   float64
	chance chance
}

func newCanvas(w, h int, seed uint64) *canvas {
	return &canvas{img: image.NewRGBA(image.Rect(0, 0, w, h)), w: float64(w), h: float64(h), chance: chance(seed)}
}

// coverage is how much of each pixel of a rectangle lies inside a path.
func (c *canvas) coverage(p path, margin int) *image.Alpha {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, outline := range p {
		for _, pt := range outline {
			lo = point{min(lo.x, pt.x), min(lo.y, pt.y)}
			hi = point{max(hi.x, pt.x), max(hi.y, pt.y)}
		}
	}
	bounds := image.Rect(int(math.Floor(lo.x))-margin, int(math.Floor(lo.y))-margin, int(math.Ceil(hi.x))+margin, int(math.Ceil(hi.y))+margin)
	bounds = bounds.Intersect(c.img.Bounds().Inset(-margin))
	mask := image.NewAlpha(bounds)
	if bounds.Empty() {
		return mask
	}
	r := vector.NewRasterizer(bounds.Dx(), bounds.Dy())
	r.DrawOp = draw.Src
	for _, outline := range p {
		for i, pt := range outline {
			x, y := float32(pt.x-float64(bounds.Min.X)), float32(pt.y-float64(bounds.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(mask, bounds, image.Opaque, image.Point{})
	return mask
}

// fill paints the inside of a path.
func (c *canvas) fill(p path, with paint) { c.lay(c.coverage(p, 0), with) }

// all paints everything.
func (c *canvas) all(with paint) {
	mask := image.NewAlpha(c.img.Rect)
	for i := range mask.Pix {
		mask.Pix[i] = 255
	}
	c.lay(mask, with)
}

// cut paints a path like a piece of paper that lies on what is there: with a
// soft shadow of the given depth in pixels.
func (c *canvas) cut(p path, with paint, depth float64) {
	c.shadow(p.move(depth*0.25, depth*0.6), depth, 0.30)
	c.fill(p, with)
}

// shadow darkens softly what lies under a path.
func (c *canvas) shadow(p path, depth, strength float64) {
	radius := max(1, int(depth))
	mask := c.coverage(p, 3*radius)
	if mask.Rect.Empty() {
		return
	}
	for range 2 {
		blurRows(mask, radius)
		blurColumns(mask, radius)
	}
	c.lay(mask, hex(0x1b1330).thin(strength))
}

// lay paints through a mask.
func (c *canvas) lay(mask *image.Alpha, with paint) {
	area := mask.Rect.Intersect(c.img.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		row := c.img.Pix[c.img.PixOffset(area.Min.X, y):]
		for i, cover := range mask.Pix[mask.PixOffset(area.Min.X, y):][:area.Dx()] {
			if cover == 0 {
				continue
			}
			t := with.at(float64(area.Min.X+i), float64(y))
			pixel := (*[4]uint8)(row[4*i:])
			*pixel = blend(*pixel, t, t.a*float64(cover)/255)
		}
	}
}

// blend puts a color over a pixel.
func blend(pixel [4]uint8, t tone, a float64) [4]uint8 {
	under := 1 - a
	a *= 255
	return [4]uint8{
		uint8(float64(pixel[0])*under + t.r*a + 0.5),
		uint8(float64(pixel[1])*under + t.g*a + 0.5),
		uint8(float64(pixel[2])*under + t.b*a + 0.5),
		255,
	}
}

// grain gives the picture the tooth of paper, which also hides the steps of
// soft gradients.
func (c *canvas) grain() {
	pix := c.img.Pix
	for i := 0; i < len(pix); i += 4 {
		bits := c.chance.next()
		d := int(bits&3) + int(bits>>2&3) + int(bits>>4&3) - 4
		pixel := (*[4]uint8)(pix[i:])
		p := *pixel
		*pixel = [4]uint8{clamp(int(p[0]) + d), clamp(int(p[1]) + d), clamp(int(p[2]) + d), p[3]}
	}
}

func clamp(v int) uint8 { return uint8(min(max(v, 0), 255)) }
