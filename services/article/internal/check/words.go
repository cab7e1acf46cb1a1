package check

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// wordTable is words/<code>.yaml: what the check knows of the words of a
// language beside package lang.
type wordTable struct {
	// Small are small words that hardly any sentence does without.
	Small []string `yaml:"small"`
	// Letters are letters that only this language of the suite has; may be
	// empty.
	Letters string `yaml:"letters"`
	// Sensory are phrases, as regular expressions, that point by place or color
	// alone. Each has a word that begins as one of Places, and a part of one of
	// Things.
	Sensory []string `yaml:"sensory"`
	Places  []string `yaml:"places"`
	Things  []string `yaml:"things"`

	places  [256][]string // by their first byte
	small   map[string]bool
	letters map[rune]bool
	sensory *regexp.Regexp
}

func loadWords(code string) (*wordTable, error) {
	raw, err := tables.ReadFile("words/" + code + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("read the check words of %s: %w", code, err)
	}
	t := &wordTable{small: make(map[string]bool), letters: make(map[rune]bool)}
	if err := yaml.Unmarshal(raw, t); err != nil {
		return nil, fmt.Errorf("read the check words of %s: %w", code, err)
	}
	for _, word := range t.Small {
		t.small[word] = true
	}
	for _, r := range t.Letters {
		t.letters[r] = true
	}
	t.places = byFirst(t.Places)
	t.sensory, err = regexp.Compile(`(?i)(?:^|[^\pL])(` + strings.Join(t.Sensory, "|") + `)`)
	if err != nil {
		return nil, fmt.Errorf("read the check words of %s: %w", code, err)
	}
	return t, nil
}

// tellApart forgets small words that several languages have: they say nothing of
// which one it is.
func tellApart(tables map[string]*wordTable) {
	count := make(map[string]int)
	for _, t := range tables {
		for word := range t.small {
			count[word]++
		}
	}
	for _, t := range tables {
		maps.DeleteFunc(t.small, func(word string, _ bool) bool { return count[word] > 1 })
	}
}

// ownLetter reports whether a text has a letter that only this language has.
func (t *wordTable) ownLetter(text string) bool {
	if len(t.letters) == 0 {
		return false
	}
	for i := 0; i < len(text); i++ {
		if text[i] < 0xc0 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(text[i:]); t.letters[r] {
			return true
		}
	}
	return false
}

// window is how many bytes around a place or color a phrase may reach.
const window = 64

// sensoryWindows walks, in order, the surroundings of words for places and
// colors that things stand beside.
func (t *wordTable) sensoryWindows(text string, do func(from, to int)) {
	inWord := false
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b == ' ' || b == '\n' || b == '(' || b == 0xc2 {
			inWord = false
			continue
		}
		if inWord || !t.place(text[i:]) {
			inWord = true
			continue
		}
		inWord = true
		from, to := wordsBefore(text, max(i-window, 0), 0), wordsAfter(text, min(i+window, len(text)), 0)
		if t.thing(text[from:to]) {
			do(from, to)
		}
	}
}

// place reports whether text begins like the word of a place or color.
func (t *wordTable) place(text string) bool {
	for _, start := range t.places[text[0]] {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return false
}

func (t *wordTable) thing(text string) bool {
	for _, thing := range t.Things {
		if strings.Contains(text, thing) {
			return true
		}
	}
	return false
}

// byFirst lists words, in small letters and with a capital, by their first byte.
func byFirst(words []string) (lists [256][]string) {
	for _, word := range words {
		_, size := utf8.DecodeRuneInString(word)
		for _, form := range []string{word, strings.ToUpper(word[:size]) + word[size:]} {
			lists[form[0]] = append(lists[form[0]], form)
		}
	}
	return lists
}
