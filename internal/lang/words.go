package lang

import (
	"strings"
	"unicode"
)

// wordLists are the lists of words.yaml, ready to look up.
type wordLists struct {
	placeholders map[string]bool
	vague        map[string]bool
	known        map[string]bool // in lower case, with and without diacritics
}

func (l *Language) wordLists() wordLists {
	lists := wordLists{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, word := range l.words.Placeholders {
		lists.placeholders[l.phraseKey(word)] = true
	}
	for _, word := range l.words.VagueLinks {
		lists.vague[l.phraseKey(word)] = true
	}
	for _, words := range [][]string{l.words.Abbreviations, l.words.Known} {
		for _, word := range words {
			lists.known[strings.ToLower(word)] = true
			lists.known[l.baseLetters(strings.ToLower(word))] = true
		}
	}
	return lists
}

// VagueLink reports whether a link of this text says nothing of where it leads,
// such as "čia", "Skaityti daugiau…" or "click here". Case, diacritics,
// punctuation and arrows around the words do not matter. Whether the text is a
// bare address or empty is another question.
func (l *Language) VagueLink(text string) bool {
	return l.lists.vague[l.phraseKey(text)]
}

// RedundantStart returns the words at the beginning of an alternative text that
// say no more than that it is a picture ("Nuotraukoje", "photo of"), or "".
func (l *Language) RedundantStart(alt string) string {
	lower := strings.ToLower(compose(alt))
	best := ""
	for _, start := range l.words.Redundant {
		rest, ok := strings.CutPrefix(lower, start)
		if ok && len(start) > len(best) && strings.IndexFunc(rest, unicode.IsLetter) > 0 {
			best = start
		}
	}
	return best
}

// isPlaceholder reports a placeholder word, with or without a number.
func (l *Language) isPlaceholder(text string) bool {
	key := l.phraseKey(text)
	if l.lists.placeholders[key] || l.lists.placeholders[l.phraseKey(trailingNumber.ReplaceAllString(text, ""))] {
		return true
	}
	english := l.fallback
	return english != nil && english != l && english.isPlaceholder(text)
}

// isKnown reports a word in the lists of any language, for pictures have
// foreign names.
func (l *Language) isKnown(lower string) bool {
	for _, other := range l.set.byCode {
		if other.lists.known[lower] {
			return true
		}
	}
	return l.lists.known[lower]
}

// phraseKey brings a phrase to lower-case words in plain letters, one space
// between them.
func (l *Language) phraseKey(s string) string {
	return strings.Join(strings.FieldsFunc(l.fold(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}
