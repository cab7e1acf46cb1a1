package lang

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxSlug is the greatest length of a slug in bytes (all of them ASCII).
const MaxSlug = 80

// Slug turns a title into the last part of a web address: words of [a-z0-9]
// joined by single hyphens, at most MaxSlug bytes, cut between words when the
// title is longer. Letters are written as the language writes them in ASCII
// (Danish å is "aa", English "a"). Composed and decomposed input give the same.
//
// The result is empty when nothing of the title can be kept, as with a title in
// another script; the caller then falls back to the date and an id. Two titles
// may give one slug: uniqueness is the caller's business.
func (l *Language) Slug(title string) string {
	var slug strings.Builder
	for word := range strings.FieldsFuncSeq(l.fold(title), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		switch {
		case slug.Len() == 0:
			slug.WriteString(word[:min(len(word), MaxSlug)])
		case slug.Len()+1+len(word) > MaxSlug:
			return slug.String()
		default:
			slug.WriteString("-" + word)
		}
	}
	return slug.String()
}

// Fold writes s in lower-case letters without marks, as Slug does, and leaves
// everything else as it is but apostrophes and soft hyphens, which vanish.
func (l *Language) Fold(s string) string { return l.fold(s) }

// fold writes s in lower-case letters without marks, those the tables know in
// ASCII. Apostrophes and soft hyphens vanish; other characters stay.
//
// Lower case is the plain one: the Lithuanian casing of x/text would add a dot
// above to an i with an accent, and the same title would get two forms.
func (l *Language) fold(s string) string {
	var folded strings.Builder
	for _, r := range strings.ToLower(norm.NFC.String(s)) {
		if ascii, ok := l.folds[r]; ok {
			folded.WriteString(ascii)
			continue
		}
		for _, part := range norm.NFKD.String(string(r)) {
			part = unicode.ToLower(part)
			ascii, ok := l.folds[part]
			switch {
			case ok:
				folded.WriteString(ascii)
			case unicode.Is(unicode.Mn, part), strings.ContainsRune("'’\u00ad\u200b", part):
			default:
				folded.WriteRune(part)
			}
		}
	}
	return folded.String()
}

// foldWord is fold without anything but letters and digits: the key under which
// words are compared however they are typed.
func (l *Language) foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, l.fold(s))
}
