package card

import "strings"

// grade is a size of title: the height of an em in pixels and the most lines
// that look well in it.
type grade struct {
	size  float64
	lines int
}

// grades are the sizes of titles, the largest first; over a cover smaller, so
// that something is seen of it. Down to whole the title shrinks rather than part
// a word; the last ones are for what nobody should write.
func grades(cover bool) []grade {
	small := []grade{{46, 5}, {42, 6}, {38, 7}, {34, 8}, {30, 9}, {26, 10}, {23, 12}}
	if cover {
		return append([]grade{{84, 2}, {76, 2}, {68, 2}, {64, 3}, {58, 3}, {54, 4}, {50, 4}}, small...)
	}
	return append([]grade{{92, 2}, {84, 3}, {76, 3}, {68, 4}, {62, 4}, {56, 4}, {51, 5}}, small...)
}

const (
	// whole is the least size in pixels to which a title shrinks before a word
	// is parted.
	whole = 46
	// partedLargest is the largest size in which a word is parted.
	partedLargest = 62
	// leading is the distance of two lines in ems.
	leading = 1.16
)

// fitted is a title in its size.
type fitted struct {
	lines []string
	size  float64
}

// box is the room for a title in pixels.
type box struct {
	width, height float64
	// cover says that it is on a picture.
	cover bool
}

// fit sets a readable title into a box: as large as it goes, in as few lines as
// that takes.
func fit(title string, width func(string) float64, b box) fitted {
	if title == "" {
		return fitted{}
	}
	parts := pieces(title)
	if len(parts) == 0 {
		return fitted{}
	}
	measure(parts, width)
	s := newSetting(parts, width)
	for _, g := range grades(b.cover) {
		if g.size < whole {
			break
		}
		if lines, ok := s.at(g, b); ok {
			return fitted{lines, g.size}
		}
	}
	for _, g := range grades(b.cover) {
		if g.size > partedLargest {
			continue
		}
		if lines, ok := s.narrow(b.width/g.size, width).at(g, b); ok {
			return fitted{lines, g.size}
		}
	}
	return fit(shorter(title), width, b)
}

// at sets the title in one size, if it goes.
func (s setting) at(g grade, b box) ([]string, bool) {
	most := min(g.lines, int((b.height/g.size-1)/leading)+1)
	for count := 1; count <= most; count++ {
		if ends, ok := s.balance(count, b.width/g.size); ok {
			return s.texts(ends), true
		}
	}
	return nil, false
}

// narrow parts the pieces that are wider than a line of room ems.
func (s setting) narrow(room float64, width func(string) float64) setting {
	var parts []piece
	for _, p := range s.parts {
		if p.width <= room {
			parts = append(parts, p)
			continue
		}
		smaller := syllables(p)
		measure(smaller, width)
		parts = append(parts, smaller...)
	}
	return newSetting(parts, width)
}

// shorter drops the last eighth of a title that fits in no size.
func shorter(title string) string {
	runes := []rune(strings.TrimSuffix(title, "…"))
	return strings.TrimRight(string(runes[:len(runes)*7/8]), " \u00a0,.:;–-") + "…"
}
