package terms

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed stopwords.txt
var stopwordsText string

// stopwords are the lists of stopwords.txt by language, with and without
// diacritics.
//
//nolint:gochecknoglobals // a memoized constant, not state.
var stopwords = sync.OnceValue(func() map[string]map[string]bool {
	lists := map[string]map[string]bool{}
	for line := range strings.Lines(stopwordsText) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		list := map[string]bool{}
		for _, word := range words[1:] {
			_, _, forms := noStems(word)
			list[word], list[forms[0]] = true, true
		}
		lists[words[0]] = list
	}
	return lists
})

// Stop reports whether a word is so common in one of the languages that a query
// can do without it.
func Stop(word string, codes []string) bool {
	word = exact(word)
	for _, code := range codes {
		base, _, _ := strings.Cut(strings.ToLower(code), "-")
		if stopwords()[base][word] {
			return true
		}
	}
	return false
}
