// Package richtext reads the rich text of articles: what its plain words are,
// and which elements of HTML its marks stand for.
//
// How a whole text becomes HTML is the business of whoever paints a page.
package richtext

import (
	"strings"
	"unicode"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Plain returns the text of the spans one after the other, without marks and
// links. Line breaks stay "\n". It is empty for nil.
func Plain(text *articlev1.RichText) string {
	spans := text.GetSpans()
	if len(spans) == 1 {
		return spans[0].GetText()
	}
	var b strings.Builder
	for _, span := range spans {
		b.WriteString(span.GetText())
	}
	return b.String()
}

// Line returns s as one line: white space runs become one space, except that
// no-break spaces stay, and whatever is neither printable nor a joiner inside
// an emoji is left out. It is what fits into an attribute, a subject or a
// title, wherever s comes from.
func Line(s string) string {
	if isLine(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		switch {
		case breaks(r):
			gap = b.Len() > 0
			continue
		case !unicode.IsGraphic(r) && !joins(r):
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// isLine reports whether s is surely what Line returns for it, which nearly all
// texts are: Latin letters and the signs of printing, with single spaces between
// words.
func isLine(s string) bool {
	last := ' '
	for _, r := range s {
		switch {
		case r == ' ':
			if last == ' ' {
				return false
			}
		case r > ' ' && r <= '~', r >= '\u00A0' && r <= '\u024F', r >= '\u2010' && r <= '\u2027':
		default:
			return false
		}
		last = r
	}
	return last != ' ' || s == ""
}

// breaks reports whether a line may be broken at r, so that a space says the
// same.
func breaks(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u202F'
}

// joins reports whether r, which has no form of its own, shapes what stands
// beside it: joiners, the tags that make the flags of regions, and the marks
// that tell a bracket or a digit beside Hebrew or Arabic letters its direction.
// Marks that turn whatever follows, such as an address, are no such.
func joins(r rune) bool {
	switch r {
	case '\u200C', '\u200D', '\u00AD', '\u200E', '\u200F', '\u061C':
		return true
	}
	return r >= 0xE0020 && r <= 0xE007F
}
