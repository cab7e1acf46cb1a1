package card

import (
	"math"
	"strings"
)

// measure fills in the widths of pieces, in ems.
func measure(parts []piece, width func(string) float64) {
	for i := range parts {
		parts[i].width = width(parts[i].text)
	}
}

// setting is a title as pieces, and the widths of what may stand between them.
type setting struct {
	parts []piece
	// before is the length in ems of all pieces before one, with their spaces.
	before []float64
	// space and hyphen are widths in ems.
	space, hyphen float64
}

// newSetting takes measured pieces.
func newSetting(parts []piece, width func(string) float64) setting {
	s := setting{parts: parts, before: make([]float64, len(parts)+1), space: width(" "), hyphen: width("-")}
	for i, p := range parts {
		s.before[i+1] = s.before[i] + p.width
		if p.space {
			s.before[i+1] += s.space
		}
	}
	return s
}

// length is the length in ems of a line of the pieces from first to last.
func (s setting) length(first, last int) float64 {
	length := s.before[last] + s.parts[last].width - s.before[first]
	if s.parts[last].hyphen {
		length += s.hyphen
	}
	return length
}

// balance parts the title into count lines, none longer than room ems, so that
// their lengths differ as little as possible and they end where it displeases
// least. It returns the index behind the last piece of each line, or false when
// there is no way.
func (s setting) balance(count int, room float64) ([]int, bool) {
	n := len(s.parts)
	total := s.length(0, n-1)
	if count > n || total > room*float64(count) {
		return nil, false
	}
	ideal := total / float64(count)
	best := make([][]float64, count+1)
	from := make([][]int, count+1)
	for k := range best {
		best[k], from[k] = make([]float64, n+1), make([]int, n+1)
		for i := range best[k] {
			best[k][i] = math.Inf(1)
		}
	}
	best[0][0] = 0
	for k := 1; k <= count; k++ {
		for end := k; end <= n; end++ {
			best[k][end], from[k][end] = s.bestLine(best[k-1], end, ideal, room, end == n)
		}
	}
	if math.IsInf(best[count][n], 1) {
		return nil, false
	}
	ends := make([]int, count)
	for k, end := count, n; k > 0; k-- {
		ends[k-1] = end
		end = from[k][end]
	}
	return ends, true
}

// bestLine finds where a line that ends before piece end begins best.
func (s setting) bestLine(before []float64, end int, ideal, room float64, final bool) (float64, int) {
	least, start := math.Inf(1), 0
	for first := end - 1; first >= 0; first-- {
		length := s.length(first, end-1)
		if length > room {
			break
		}
		off := (length - ideal) / ideal * 10
		cost := before[first] + off*off
		if !final {
			cost += s.parts[end-1].cost
		}
		if cost < least {
			least, start = cost, first
		}
	}
	return least, start
}

// texts writes the lines out.
func (s setting) texts(ends []int) []string {
	var lines []string
	first := 0
	for _, end := range ends {
		var text strings.Builder
		for i := first; i < end; i++ {
			text.WriteString(s.parts[i].text)
			switch {
			case i < end-1 && s.parts[i].space:
				text.WriteByte(' ')
			case i == end-1 && s.parts[i].hyphen:
				text.WriteByte('-')
			}
		}
		lines = append(lines, text.String())
		first = end
	}
	return lines
}
