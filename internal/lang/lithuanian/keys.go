package lithuanian

import (
	"slices"
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
	word, ok := letters(Exact(word))
	if !ok {
		return nil
	}
	return sorted(written().appendKeys(nil, word))
}

// FoldedKeys returns the keys of the third tier, which are Keys without
// diacritics. A word that has none may have lost them, so it has the keys of
// every word that looks like it then: the keys of "zmonems" and of "žmonėms"
// meet. Both sides of a search call it. Order and limits are those of Keys.
func FoldedKeys(word string) []string {
	word, ok := letters(Exact(word))
	if !ok {
		return nil
	}
	folded := Fold(word)
	if folded == word {
		return sorted(plain().appendKeys(nil, folded))
	}
	keys := written().appendKeys(nil, word)
	for i, key := range keys {
		stem, mark := key[:len(key)-1], key[len(key)-1:]
		keys[i] = foldedStem(Fold(stem)) + mark
	}
	return sorted(keys)
}

func sorted(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}

// letters returns word without apostrophes, which part a foreign name from its
// ending ("Shakespeare'o"), and whether it is one to look at.
func letters(word string) (string, bool) {
	if len(word) > maxWord*utf8.UTFMax {
		return "", false
	}
	word = strings.ReplaceAll(word, "'", "")
	count, vowels := 0, 0
	for _, r := range word {
		count++
		switch {
		case strings.ContainsRune("aąeęėiįyouųū", r):
			vowels++
		case r >= utf8.RuneSelf && base(r) == 0 && !unicode.Is(unicode.Latin, r):
			return "", false
		case r < utf8.RuneSelf && (r < 'a' || r > 'z'):
			return "", false
		}
	}
	return word, minWord <= count && count <= maxWord && vowels > 0
}

// appendKeys appends the keys of a word that letters let pass.
func (g *grammar) appendKeys(keys []string, word string) []string {
	keys = append(keys, g.irregular[word]...)
	for at := len(word) - 1; at > 0 && len(word)-at <= g.longest; at-- {
		if !utf8.RuneStart(word[at]) {
			continue
		}
		for _, r := range g.rules[word[at:]] {
			if stem, ok := g.stem(word[:at], r.soft); ok {
				keys = append(keys, stem+string(r.mark))
			}
		}
	}
	return keys
}

// stem returns what stands before an ending as all forms of the word have it,
// and whether the ending can follow it at all.
func (g *grammar) stem(stem string, soft bool) (string, bool) {
	if utf8.RuneCountInString(stem) < minStem || !strings.ContainsAny(stem, "aąeęėiįyouųū") {
		return "", false
	}
	if soft {
		switch {
		case strings.HasSuffix(stem, "t"), strings.HasSuffix(stem, "d"):
			return "", false
		case strings.HasSuffix(stem, "č"):
			stem = strings.TrimSuffix(stem, "č") + "t"
		case strings.HasSuffix(stem, "dž"):
			stem = strings.TrimSuffix(stem, "ž")
		}
	}
	if g.folded {
		stem = foldedStem(stem)
	}
	return stem, true
}

// foldedStem writes the end of a folded stem as if an ending with a back vowel
// followed: without diacritics nothing tells c from č and z from ž.
func foldedStem(stem string) string {
	switch {
	case strings.HasSuffix(stem, "c"):
		return stem[:len(stem)-1] + "t"
	case strings.HasSuffix(stem, "dz"):
		return stem[:len(stem)-1]
	}
	return stem
}
