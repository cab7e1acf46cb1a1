package card

import (
	"strings"
	"unicode"
)

const (
	vowels = "aąeęėiįyouųūáàâåäæéèêëíìîïóòôöøúùûüý"
	// leastPart is the least number of letters before and behind a hyphen.
	leastPart = 3
	// longestPart is the most letters of what has no syllables, such as a row
	// of consonants or of digits.
	longestPart = 8
)

// syllables parts a word that is wider than a line where it may be parted: before
// the last consonant in front of a vowel ("bib-lio-te-ka"), which is the rule of
// Lithuanian and close enough for the others, and never inside a diphthong. What
// has no such place is parted after eight letters, with a hyphen too. The cost
// and the space of p go to the last part.
func syllables(p piece) []piece {
	runes := []rune(p.text)
	var parts []piece
	start := 0
	for i := leastPart; i <= len(runes)-leastPart; i++ {
		if i-start >= leastPart && (opensSyllable(runes, i) || i-start >= longestPart) {
			parts = append(parts, piece{text: string(runes[start:i]), hyphen: true, cost: costSyllable})
			start = i
		}
	}
	p.text = string(runes[start:])
	return append(parts, p)
}

// opensSyllable reports whether runes[i] is a consonant behind which a vowel
// follows, and which is not the second half of "ch", "dz" or "dž".
func opensSyllable(runes []rune, i int) bool {
	if i+1 >= len(runes) || isVowel(runes[i]) || !isVowel(runes[i+1]) || !unicode.IsLetter(runes[i]) {
		return false
	}
	switch strings.ToLower(string(runes[i-1 : i+1])) {
	case "ch", "dz", "dž":
		return false
	}
	return unicode.IsLetter(runes[i-1])
}

func isVowel(r rune) bool { return strings.ContainsRune(vowels, unicode.ToLower(r)) }
