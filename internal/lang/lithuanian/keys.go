package lithuanian

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	minWord = 3  // letters; a shorter word has no ending to speak of
	maxWord = 48 // letters; the longest words of Lithuanian have about 35
	minStem = 2  // letters
)

// Keys returns the keys of the second tier: one for each paradigm that word may
// be a form of, sorted, each once, a few letters longer than the stem. It
// returns nil for words of fewer than three letters or more than 48, for what
// has no vowel (abbreviations) or has anything but Latin letters.
func Keys(word string) []string {
	word, ok := letters(word)
	if !ok {
		return nil
	}
	return written().keysOf(word, false)
}

// FoldedKeys returns the keys of the third tier, which are Keys without
// diacritics. A word that has none may have lost them, so it has the keys of
// every word that looks like it then: the keys of "zmonems" and of "žmonėms"
// meet. Both sides of a search call it. Order and limits are those of Keys.
func FoldedKeys(word string) []string {
	word, ok := letters(word)
	if !ok {
		return nil
	}
	folded := Fold(word)
	if folded == word {
		return plain().keysOf(folded, false)
	}
	return written().keysOf(word, true)
}

// letters returns the exact form of word without apostrophes, which part a
// foreign name from its ending ("Shakespeare'o"), and whether it is one to look
// at.
func letters(word string) (string, bool) {
	if len(word) > maxWord*utf8.UTFMax {
		return "", false
	}
	word = Exact(word)
	if strings.IndexByte(word, '\'') >= 0 {
		word = strings.ReplaceAll(word, "'", "")
	}
	count, voiced := 0, false
	for _, r := range word {
		count++
		switch {
		case isVowel(r):
			voiced = true
		case r < utf8.RuneSelf:
			if r < 'a' || r > 'z' {
				return "", false
			}
		case base(r) == 0 && !unicode.Is(unicode.Latin, r):
			return "", false
		}
	}
	return word, minWord <= count && count <= maxWord && voiced
}
