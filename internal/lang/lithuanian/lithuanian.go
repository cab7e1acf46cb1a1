// Package lithuanian finds a Lithuanian word in all its forms: it gives each
// word the keys under which a search index files it, so that two words meet
// when they can be forms of one.
//
// A word has keys in three tiers, to be ranked in this order:
//
//   - Exact: the word itself, in lower case and composed;
//   - Keys: every stem the word may have, with the mark of the declension or
//     conjugation it then belongs to. "knygos" has one key for the paradigm of
//     "knyga"; "kovas" is a form of "kovas" as well as of "kova" and has both;
//   - FoldedKeys: the same without diacritics, so that a word typed in plain
//     letters ("zmonems") meets the word as it is written ("žmonėms").
//
// The keys are taken from the tables of ordinary grammar, not by cutting off
// suffixes: words derived from one root ("darbas", "darbuotojas") do not meet.
//
// All functions are pure, safe for concurrent use and take any string; what is
// not a word of Latin letters has no keys but the exact one. They do not split
// text into words, drop stop words or weigh the tiers: the index does.
package lithuanian

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// Version is the version of the keys. It grows with every change of what Exact,
// Keys or FoldedKeys give; an index built with another version is rebuilt.
const Version = 5

// Exact returns word in Unicode normalization form C and lower case, with
// U+FFFD for bytes that are no UTF-8 and one kind of apostrophe. It is the key of the first tier.
//
// Lower case is the plain one: the Lithuanian casing adds a dot above to an i
// with an accent, and the same word would get two keys.
func Exact(word string) string {
	if isPlain(word) {
		return word
	}
	word = strings.NewReplacer("’", "'", "ʼ", "'").Replace(word)
	return norm.NFC.String(strings.ToLower(norm.NFC.String(strings.ToValidUTF8(word, "\uFFFD"))))
}

// isPlain reports lower-case ASCII and Lithuanian letters only, which are
// composed already.
func isPlain(word string) bool {
	for _, r := range word {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				return false
			}
			continue
		}
		if base(r) == 0 {
			return false
		}
	}
	return true
}

// base returns the ASCII letter of a lower-case Lithuanian letter with a
// diacritic, 0 for any other character.
func base(r rune) byte {
	switch r {
	case 'ą':
		return 'a'
	case 'č':
		return 'c'
	case 'ę', 'ė':
		return 'e'
	case 'į':
		return 'i'
	case 'š':
		return 's'
	case 'ų', 'ū':
		return 'u'
	case 'ž':
		return 'z'
	}
	return 0
}

// Fold returns word in lower-case letters without diacritics, letters of other
// languages included ("å" is "a", "ß" is "ss").
func Fold(word string) string {
	word = Exact(word)
	ascii := true
	for i := range len(word) {
		ascii = ascii && word[i] < utf8.RuneSelf
	}
	if ascii {
		return word
	}
	folded := make([]byte, 0, len(word))
	for _, r := range word {
		letter := base(r)
		switch {
		case r < utf8.RuneSelf:
			letter = byte(r) //nolint:gosec // less than 0x80
		case letter == 0:
			return lang.Default().Fold(word)
		}
		folded = append(folded, letter)
	}
	return string(folded)
}

// HasDiacritics reports whether word has a letter that Fold changes. Whoever
// types one knows where they go; a word without any may have lost them.
func HasDiacritics(word string) bool {
	word = Exact(word)
	return Fold(word) != word
}
