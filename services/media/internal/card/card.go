// Package card draws the social card of an article: the picture of 1200 x 630
// pixels that networks and messengers show beside a link.
//
// A card is the title, well set, over the cover or, where there is none, over
// the color of the site, with the name of the site and its logo below. The
// package is pure: the same [Input] gives the same bytes, in every process, and
// nothing is read but the input and the fonts that are part of the program.
// Pictures come in as renditions that our own encoder wrote; bytes of strangers
// never reach the decoder used here.
//
// What it promises: every text is inside the margins and none is cut off, lines
// are balanced and break where Lithuanian allows it, white on what is behind it
// reaches 7 to 1 (WCAG 2.2, 1.4.6) on every pixel under a line, and the file
// stays under 300 kB. Characters that the fonts lack are left out of the picture
// and kept in the alternative text.
package card

import (
	"fmt"
	"image"
	"image/draw"

	"github.com/go-text/typesetting/font"
)

// Width and Height are the size of every card in pixels: what Open Graph
// readers show large, and twice what most of them show.
const (
	Width  = 1200
	Height = 630
)

// Version changes whenever the same input would be drawn differently, so that
// cards drawn before are drawn anew.
const Version = 1

// Input is all that decides how a card looks.
type Input struct {
	// Title is the title of the article. Of any length; more than what fits in
	// the smallest size, some 500 letters, ends with an ellipsis.
	Title string
	// Language is the language (BCP 47) of the title; it decides about spaces,
	// syllables and the forms of letters.
	Language string
	// SiteName is written below the title; nothing when empty.
	SiteName string
	// Color is the color of the site as "#rrggbb"; a dark green when empty.
	Color string
	// Cover is the picture behind the title; nil for the color of the site.
	Cover *Picture
	// Logo is a JPEG shown beside the name of the site; nothing when empty.
	Logo []byte
}

// Picture is a JPEG rendition of ours and what must stay visible of it.
type Picture struct {
	JPEG []byte
	// FocalX and FocalY are the point that must stay visible, from 0 (left,
	// top) to 1.
	FocalX, FocalY float64
}

// Card is a drawn card.
type Card struct {
	// JPEG is the file, of less than 300 kB.
	JPEG []byte
	// Width and Height are in pixels.
	Width, Height int
	// Alt is the alternative text: the title.
	Alt string
}

// Painter draws cards. It is safe for concurrent use.
type Painter struct {
	serif, sans *font.Font
}

// New returns a painter with the fonts of the program.
func New() (*Painter, error) {
	serif, err := parseFont(sourceSerif)
	if err != nil {
		return nil, fmt.Errorf("font of titles: %w", err)
	}
	sans, err := parseFont(sourceSans)
	if err != nil {
		return nil, fmt.Errorf("font of site names: %w", err)
	}
	return &Painter{serif: serif, sans: sans}, nil
}

// Draw draws the card of in. It fails when a picture is not a JPEG or the color
// not a color.
func (p *Painter) Draw(in Input) (Card, error) {
	drawn, err := p.sketch(in).draw()
	if err != nil {
		return Card{}, err
	}
	encoded, err := encode(drawn.canvas)
	if err != nil {
		return Card{}, err
	}
	return Card{JPEG: encoded, Width: Width, Height: Height, Alt: in.Title}, nil
}

// sketch is one card being drawn.
type sketch struct {
	in          Input
	serif, sans typeface
	logo        image.Image
}

func (p *Painter) sketch(in Input) *sketch {
	return &sketch{in: in, serif: newTypeface(p.serif), sans: newTypeface(p.sans)}
}

// drawing is a card before it is encoded, with what tests look at.
type drawing struct {
	canvas *image.RGBA
	plan   plan
}

func (s *sketch) draw() (drawing, error) {
	base, err := siteColor(s.in.Color)
	if err != nil {
		return drawing{}, err
	}
	if s.logo, err = decodeLogo(s.in.Logo); err != nil {
		return drawing{}, err
	}
	plan := s.plan()
	canvas := image.NewRGBA(image.Rect(0, 0, Width, Height))
	if s.in.Cover == nil {
		paintGround(canvas, base, s.in.Title)
	} else {
		if err := paintCover(canvas, *s.in.Cover); err != nil {
			return drawing{}, err
		}
		shade(canvas, scrimColor(base), plan.zones())
		draw.Draw(canvas, image.Rect(0, Height-edge, Width, Height), image.NewUniform(base), image.Point{}, draw.Src)
	}
	draw.Draw(canvas, plan.mark, image.NewUniform(mix(base, white(), markTint)), image.Point{}, draw.Src)
	s.write(canvas, plan)
	return drawing{canvas: canvas, plan: plan}, nil
}

// write puts the texts and the logo over what is painted.
func (s *sketch) write(canvas *image.RGBA, plan plan) {
	for _, line := range plan.title {
		s.serif.draw(canvas, line, white())
	}
	for _, line := range plan.name {
		s.sans.draw(canvas, line, white())
	}
	if s.logo != nil {
		paintLogo(canvas, s.logo, plan.logo)
	}
}
