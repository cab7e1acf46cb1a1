package card

import (
	"image"
	"math"
)

// The measures of a card in pixels.
const (
	margin = 72
	// bottom is from the last baseline to the lower edge.
	bottom = 64
	// nameSize is the em of the name of the site, leastName that of the longest.
	nameSize  = 31
	leastName = 20
	// nameGap is between the last line of the title and the name of the site.
	nameGap = 44
	// logoHeight and logoWidth bound the logo with the white around it.
	logoHeight, logoWidth = 64, 190
	logoGap               = 20
	// titleTop is the least distance of the title from the upper edge.
	titleTop = 80
	// markWidth and markHeight are of the stroke above the title.
	markWidth, markHeight = 64, 5
	markGap               = 34
	// markTint is how much of white is in the mark, the rest being the color of
	// the site.
	markTint = 0.7
	// edge is the strip of the color of the site below a cover.
	edge = 12
	// shelfLeft is where the shelf of a card without cover begins.
	shelfLeft = 984
	shelfGap  = 56
	// capital is the height of a capital letter in ems of the title.
	capital = 0.67
)

// plan is where everything goes.
type plan struct {
	title, name []line
	mark, logo  image.Rectangle
}

// plan sets the texts from below: the name of the site at the lower margin, the
// title above it, the mark above that.
func (s *sketch) plan() plan {
	in := s.in
	right := Width - margin
	if in.Cover == nil {
		right = shelfLeft - shelfGap
	}
	name := readable(in.SiteName, in.Language, s.sans.has)
	title := readable(in.Title, in.Language, s.serif.has)
	if title == "" {
		title, name = name, ""
	}
	var out plan
	floor := float64(Height - bottom)
	if name != "" || s.logo != nil {
		floor = s.planName(&out, name, right)
	}
	room := box{width: float64(right - margin), height: floor - titleTop - markGap - markHeight, cover: in.Cover != nil}
	set := fit(title, func(text string) float64 { return s.serif.width(text, in.Language) }, room)
	for i, text := range set.lines {
		out.title = append(out.title, line{
			text: text, language: in.Language,
			x: margin, baseline: floor - float64(len(set.lines)-1-i)*set.size*leading,
			size: set.size, width: s.serif.width(text, in.Language) * set.size,
		})
	}
	if len(out.title) > 0 {
		top := int(math.Round(out.title[0].baseline-set.size*capital)) - markGap - markHeight
		out.mark = image.Rect(margin, top, margin+markWidth, top+markHeight)
	}
	return out
}

// planName puts the logo and the name of the site on the last line and returns
// the baseline that is left for the title.
func (s *sketch) planName(out *plan, name string, right int) float64 {
	code := s.in.Language
	x, baseline := margin, float64(Height-bottom)
	above := baseline - nameSize*capital
	if s.logo != nil {
		size := logoSize(s.logo.Bounds())
		middle := int(math.Round(baseline - nameSize*capital/2))
		out.logo = image.Rect(x, middle-size.Y/2, x+size.X, middle-size.Y/2+size.Y)
		x += size.X + logoGap
		above = float64(out.logo.Min.Y)
	}
	if name != "" {
		size, text := s.fitName(name, code, float64(right-x))
		out.name = append(out.name, line{
			text: text, language: code, x: float64(x), baseline: baseline,
			size: size, width: s.sans.width(text, code) * size,
		})
	}
	return above - nameGap
}

// fitName shrinks the name of the site into one line and ends it with an
// ellipsis when that is not enough.
func (s *sketch) fitName(name, code string, room float64) (float64, string) {
	width := s.sans.width(name, code)
	if width*leastName <= room {
		return min(nameSize, room/width), name
	}
	for s.sans.width(name, code)*leastName > room {
		name = shorter(name)
	}
	return leastName, name
}

// zones are the parts of the card that texts cover, whose background the scrim
// has to darken.
func (p plan) zones() []image.Rectangle {
	var zones []image.Rectangle
	for _, l := range p.title {
		zones = append(zones, lineArea(l))
	}
	for _, l := range p.name {
		zones = append(zones, lineArea(l))
	}
	return zones
}
