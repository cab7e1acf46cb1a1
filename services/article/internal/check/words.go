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
	// Letters are letters below U+0200 that only this language of the suite has;
	// may be empty.
	Letters string `yaml:"letters"`
	// Sensory are phrases, as regular expressions, that point by place or color
	// alone. Each has a word that begins as one of Places, and a part of one of
	// Things.
	Sensory []string `yaml:"sensory"`
	Places  []string `yaml:"places"`
	Things  []string `yaml:"things"`

	classes [256]class
	starts  [256][32]byte // bits of the second bytes of places, by their first
	places  [256][]string // by their first byte
	letters [0x200]bool
	small   map[string]bool
	sensory *regexp.Regexp
}

func loadWords(code string) (*wordTable, error) {
	raw, err := tables.ReadFile("words/" + code + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("read the check words of %s: %w", code, err)
	}
	t := &wordTable{small: make(map[string]bool)}
	if err := yaml.Unmarshal(raw, t); err != nil {
		return nil, fmt.Errorf("read the check words of %s: %w", code, err)
	}
	for _, word := range t.Small {
		t.small[word] = true
	}
	for _, r := range t.Letters {
		t.letters[r] = true
	}
	t.classes = classes()
	t.places = byFirst(t.Places)
	for _, words := range t.places {
		for _, word := range words {
			t.starts[word[0]][word[1]>>3] |= 1 << (word[1] & 7)
		}
	}
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

// window is how many bytes around a place or color a phrase may reach.
const window = 64

// sensoryWindows walks, in order, the surroundings of words for places and
// colors that things stand beside.
func (t *wordTable) sensoryWindows(p *passage, do func(from, to int)) {
	for _, i := range p.places {
		from, to := wordsBefore(p.text, max(i-window, 0), 0), wordsAfter(p.text, min(i+window, len(p.text)), 0)
		if t.thing(p.text[from:to]) {
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
