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

	vowels = "aąeęėiįyouųū"
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
		keys[i] = plainEnd(Fold(stem)) + mark
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
	count, voiced := 0, false
	for _, r := range word {
		count++
		switch {
		case strings.ContainsRune(vowels, r):
			voiced = true
		case r >= utf8.RuneSelf && base(r) == 0 && !unicode.Is(unicode.Latin, r):
			return "", false
		case r < utf8.RuneSelf && (r < 'a' || r > 'z'):
			return "", false
		}
	}
	return word, minWord <= count && count <= maxWord && voiced
}

// appendKeys appends the keys of a word that letters let pass.
func (g *grammar) appendKeys(keys []string, word string) []string {
	var places [8]int
	splits := g.verbs.splits(places[:0], word)
	keys = append(keys, g.irregular[word]...)
	for at := len(word); at > 0 && len(word)-at <= g.longest; at-- {
		if at < len(word) && !utf8.RuneStart(word[at]) {
			continue
		}
		for _, r := range g.endings[word[at:]] {
			keys = g.apply(keys, word[:at], splits, r)
		}
	}
	return keys
}

// apply appends the keys of stem with an ending of rule r.
func (g *grammar) apply(keys []string, stem string, splits []int, r rule) []string {
	if r.soft {
		if strings.HasSuffix(stem, "t") || strings.HasSuffix(stem, "d") {
			return keys // it would be č or dž
		}
		stem = g.harden(stem)
	}
	if r.word == verb {
		return g.appendVerb(keys, stem, splits, r)
	}
	if utf8.RuneCountInString(stem) < minStem || !strings.ContainsAny(stem, vowels) {
		return keys
	}
	if r.afterJ && !strings.HasSuffix(stem, "j") {
		return keys
	}
	stem = g.stemEnd(stem)
	if r.word == adjective {
		return g.appendAdjective(keys, stem, r)
	}
	return append(keys, stem+string(r.mark))
}
