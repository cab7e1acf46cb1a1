package card

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// typeface is a font for the texts of one card; it is not safe for concurrent
// use, for shaping keeps what it learned.
type typeface struct {
	face   *font.Face
	shaper *shaping.HarfbuzzShaper
}

// line is one line of text and where it goes.
type line struct {
	text, language string
	// x and baseline are where its first letter stands, size is the height of
	// an em, and width its length, all in pixels.
	x, baseline, size, width float64
}

// parseFont parses a font, which nobody changes afterwards.
func parseFont(ttf []byte) (*font.Font, error) {
	face, err := font.ParseTTF(bytes.NewReader(ttf))
	if err != nil {
		return nil, err
	}
	return face.Font, nil
}

func newTypeface(f *font.Font) typeface {
	return typeface{face: font.NewFace(f), shaper: new(shaping.HarfbuzzShaper)}
}

// has reports whether the font can show r.
func (t typeface) has(r rune) bool {
	_, ok := t.face.NominalGlyph(r)
	return ok
}

// shape sets text with kerning, ligatures, marks and the letter forms of its
// language, in units of the font, where everything is a whole number and grows
// in proportion.
func (t typeface) shape(text, code string) []shaping.Glyph {
	runes := []rune(text)
	out := t.shaper.ShapeNoExtents(shaping.Input{
		Text:      runes,
		RunEnd:    len(runes),
		Direction: di.DirectionLTR,
		Face:      t.face,
		Size:      fixed.I(int(t.face.Upem())),
		Script:    language.Latin,
		Language:  language.NewLanguage(code),
	})
	return out.Glyphs
}

// width returns the length of text in ems.
func (t typeface) width(text, code string) float64 {
	var sum fixed.Int26_6
	for _, g := range t.shape(text, code) {
		sum += g.Advance
	}
	return units(sum) / float64(t.face.Upem())
}

// draw writes a line onto canvas.
func (t typeface) draw(canvas draw.Image, l line, ink color.Color) {
	area := lineArea(l).Intersect(canvas.Bounds())
	scale := l.size / float64(t.face.Upem())
	pen := pen{
		rasterizer: vector.NewRasterizer(area.Dx(), area.Dy()),
		scale:      scale,
		x:          l.x - float64(area.Min.X),
		y:          l.baseline - float64(area.Min.Y),
	}
	for _, g := range t.shape(l.text, l.language) {
		if outline, ok := t.face.GlyphDataOutline(g.GlyphID); ok {
			pen.glyph(outline.Segments, units(g.XOffset)*scale, units(g.YOffset)*scale)
		}
		pen.x += units(g.Advance) * scale
	}
	pen.rasterizer.Draw(canvas, area, image.NewUniform(ink), image.Point{})
}

// lineArea is the rectangle that holds all of a line, accents and commas below
// letters too.
func lineArea(l line) image.Rectangle {
	return image.Rect(
		int(math.Floor(l.x-l.size*0.1)), int(math.Floor(l.baseline-l.size*1.1)),
		int(math.Ceil(l.x+l.width+l.size*0.1)), int(math.Ceil(l.baseline+l.size*0.35)),
	)
}

// pen draws outlines at a place that moves on with the text.
type pen struct {
	rasterizer  *vector.Rasterizer
	scale, x, y float64
}

func (p pen) glyph(segments []opentype.Segment, dx, dy float64) {
	at := func(point opentype.SegmentPoint) (float32, float32) {
		return float32(p.x + dx + float64(point.X)*p.scale), float32(p.y - dy - float64(point.Y)*p.scale)
	}
	for i, segment := range segments {
		ax, ay := at(segment.Args[0])
		bx, by := at(segment.Args[1])
		cx, cy := at(segment.Args[2])
		switch segment.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				p.rasterizer.ClosePath()
			}
			p.rasterizer.MoveTo(ax, ay)
		case opentype.SegmentOpLineTo:
			p.rasterizer.LineTo(ax, ay)
		case opentype.SegmentOpQuadTo:
			p.rasterizer.QuadTo(ax, ay, bx, by)
		case opentype.SegmentOpCubeTo:
			p.rasterizer.CubeTo(ax, ay, bx, by, cx, cy)
		}
	}
	if len(segments) > 0 {
		p.rasterizer.ClosePath()
	}
}

func units(v fixed.Int26_6) float64 { return float64(v) / 64 }
