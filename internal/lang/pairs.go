package lang

import (
	"strings"
	"unicode"
)

// WordScore returns how much more a word looks like one of the language than
// like keys pressed at random, by its pairs of letters: positive for most words,
// negative for noise and for some rare words. Case is ignored and letters that
// the language's keyboard lacks count as their base letters. A word without
// letters scores negative infinity.
func (l *Language) WordScore(word string) float64 { return l.pairs.Score(l.modelLetters(word)) }

// modelLetters returns the letters of word as the pair table knows them.
func (l *Language) modelLetters(word string) []rune {
	var letters []rune
	for _, r := range strings.ToLower(compose(word)) {
		switch {
		case !unicode.IsLetter(r):
		case l.pairs.Has(r):
			letters = append(letters, r)
		default:
			letters = append(letters, []rune(l.fold(string(r)))...)
		}
	}
	return letters
}
