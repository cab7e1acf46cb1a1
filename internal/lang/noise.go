package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/lang/internal/letterpair"
)

const (
	foreignMargin = 1.0 // by which small letters have to look like another language
	foreignLength = 5   // letters from which another language is considered

	repeatedLength   = 6  // letters from which a part over and over is no word
	longAbbreviation = 6  // letters in capitals that may be an abbreviation
	longToken        = 64 // letters of a token that are looked at
)

// vowels of the Latin alphabet in base letters.
const vowels = "aeiouy"

// isNoise reports whether one token is keys pressed at random. Words known to
// any language, to the vocabulary, and abbreviations in capitals are not.
func (l *Language) isNoise(token string, vocabulary func(string) bool) bool {
	token = strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if runes := []rune(token); len(runes) > longToken {
		token = string(runes[:longToken])
	}
	lower := strings.TrimRight(strings.ToLower(token), "0123456789")
	folded := l.baseLetters(lower)
	length := utf8.RuneCountInString(folded)
	switch {
	case length < 3, l.isKnown(strings.ToLower(token)), vocabulary != nil && vocabulary(strings.ToLower(token)):
		return false
	case l.isWalk(lower, folded) && (length > 3 || token == lower):
		return true
	case isName(token) && strings.ContainsAny(token, "0123456789"):
		return false // Dokk1
	case isCapitals(token) && length <= longAbbreviation:
		return false
	case !strings.ContainsAny(folded, vowels):
		return isLatin(folded)
	case strings.ContainsAny(token, "-–/'’+&@"):
		return false // compounds are judged by people
	case !isLatin(folded):
		return false
	case length >= repeatedLength && letterpair.Unit(folded) < length && !isName(token):
		return true
	}
	return l.bestMargin(token) < 0
}

// isWalk takes letters side by side, with and without the marks of the layout.
func (l *Language) isWalk(lower, folded string) bool {
	keyboard := l.pairs.Keyboard()
	return keyboard.IsWalk(lower) || keyboard.IsWalk(folded)
}

// bestMargin is how far a token is above the limit of noise in the language of
// the text, or in another one where that may be meant: capitalized tokens are
// names of any country, and long ones are seldom words by accident, yet have to
// look better in a foreign language.
func (l *Language) bestMargin(token string) float64 {
	best := l.pairs.Margin(l.modelLetters(token))
	margin := foreignMargin
	switch {
	case isName(token):
		margin = 0
	case utf8.RuneCountInString(token) < foreignLength:
		return best
	}
	for _, other := range l.set.byCode {
		best = max(best, other.pairs.Margin(other.modelLetters(token))-margin)
	}
	return best
}

// baseLetters brings letters with marks to plain ones, one for one.
func (l *Language) baseLetters(s string) string {
	var base strings.Builder
	for _, r := range s {
		for _, ascii := range l.fold(string(r)) {
			base.WriteRune(ascii)
			break
		}
	}
	return base.String()
}

func isLatin(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

func isCapitals(s string) bool { return strings.ToUpper(s) == s && strings.ToLower(s) != s }
