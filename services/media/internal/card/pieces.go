package card

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// piece is a part of a title between two places where a line may end.
type piece struct {
	text string
	// width is its length in ems.
	width float64
	// space says that a space follows unless a line ends here, hyphen that a
	// hyphen does if a line ends here.
	space, hyphen bool
	// cost is how much it displeases to end a line here.
	cost float64
}

// Costs of ending a line, where 1 is a line a tenth shorter than the others.
const (
	// costLetter is for a word of one letter at the end of a line ("į", "o",
	// "a"), costShort for one of two ("ir", "su", "og").
	costLetter = 4
	costShort  = 0.8
	// costInside is for a word that is parted at its own hyphen or slash.
	costInside = 1.5
	// costSyllable is for a word that is parted between syllables.
	costSyllable = 4
	// gainStop is taken off after a comma, a colon, a dash: there a reader
	// pauses anyway.
	gainStop = 0.3
)

// mostRunes is more than fits in the smallest size; what is behind is not looked
// at.
const mostRunes = 800

// softHyphen marks where a writer allows a word to be parted.
const softHyphen = '\u00ad'

// readable returns text with one space for any run of spaces, without what the
// fonts cannot show, and with no-break spaces where its language wants them.
func readable(text, code string, can func(rune) bool) string {
	shown := strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f':
			return '\u00a0'
		case unicode.IsSpace(r):
			return ' '
		case r == softHyphen:
			return r
		case r == '\u2011':
			return '-'
		case unicode.In(r, unicode.Cc, unicode.Cf) || !can(r):
			return -1
		}
		return r
	}, text)
	shown = strings.Join(strings.FieldsFunc(shown, func(r rune) bool { return r == ' ' }), " ")
	if runes := []rune(shown); len(runes) > mostRunes {
		shown = string(runes[:mostRunes]) + "…"
	}
	language, ok := lang.For(code)
	if !ok {
		language = lang.Default()
	}
	return language.Spaces(shown)
}

// pieces parts a readable title where lines may end.
func pieces(title string) []piece {
	var parts []piece
	for word := range strings.SplitSeq(title, " ") {
		inner := parted(word)
		if len(inner) == 0 {
			continue
		}
		last := &inner[len(inner)-1]
		last.space, last.cost = true, endCost(word)
		parts = append(parts, inner...)
	}
	return parts
}

// endCost is the cost of ending a line after a whole word.
func endCost(word string) float64 {
	last, _ := utf8.DecodeLastRuneInString(word)
	switch {
	case strings.ContainsRune(",;:.!?–—", last):
		return -gainStop
	case !unicode.IsLetter(last):
		return 0
	}
	switch utf8.RuneCountInString(word) {
	case 1:
		return costLetter
	case 2:
		return costShort
	}
	return 0
}

// parted parts a word behind its hyphens, dashes and slashes and at soft
// hyphens, where at least two letters are on either side.
func parted(word string) []piece {
	var parts []piece
	var text strings.Builder
	runes := []rune(word)
	for i, r := range runes {
		if r != softHyphen {
			text.WriteRune(r)
		}
		inside := i >= 2 && i < len(runes)-2
		if inside && text.Len() > 0 && (r == softHyphen || strings.ContainsRune("-–/", r)) {
			parts = append(parts, piece{text: text.String(), hyphen: r == softHyphen, cost: costInside})
			text.Reset()
		}
	}
	if text.Len() > 0 {
		parts = append(parts, piece{text: text.String()})
	}
	return parts
}
