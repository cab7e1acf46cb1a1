package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Scores under which a token is noise. The more a token looks like keys pressed
// side by side, the more it must look like a word to pass; the figures are
// calibrated by the tests of this package.
const (
	noiseScore     = -3.95 // any token
	shortScore     = -3.3  // tokens of three letters, of which every language has few
	oneRowScore    = -3.4  // all letters in one row of the keyboard
	neighborsScore = -2.9  // each letter beside the one before it

	foreignPenalty = 0.4 // for words of another language in small letters
	foreignLength  = 5   // letters from which such words are considered

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
	lower := strings.ToLower(token)
	folded := strings.TrimRight(l.baseLetters(lower), "0123456789")
	length := utf8.RuneCountInString(folded)
	switch {
	case length < 3, l.isKnown(lower), vocabulary != nil && vocabulary(lower):
		return false
	case isRowRun(folded) && (length > 3 || token == lower):
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
	}
	return l.bestScore(token) < threshold(folded)
}

// threshold returns the score below which a token of base letters is noise.
func threshold(folded string) float64 {
	limit := noiseScore
	if oneRow(folded) {
		limit = max(limit, oneRowScore)
	}
	if len(folded) == 3 {
		limit = max(limit, shortScore)
	}
	if areNeighbors(folded) {
		limit = max(limit, neighborsScore)
	}
	return limit
}

// bestScore is WordScore in the language of the text, or in another one where
// that may be meant: capitalized tokens are names of any country, and long ones
// are seldom words by accident, yet have to look better in a foreign language.
func (l *Language) bestScore(token string) float64 {
	best := l.WordScore(token)
	penalty := foreignPenalty
	switch {
	case isName(token):
		penalty = 0
	case utf8.RuneCountInString(token) < foreignLength:
		return best
	}
	for _, other := range l.set.byCode {
		best = max(best, other.WordScore(token)-penalty)
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
