package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// marker says which words of texts in one language were looked for. It remembers
// the words it has seen.
type marker struct {
	analyzer *terms.Analyzer
	items    []markedItem
	first    firsts
	seen     map[string]uint32
}

// markedItem is an item with the bits that stand for its words.
type markedItem struct {
	item

	bit uint // of its first word
}

func newMarker(analyzer *terms.Analyzer, want *wanted) *marker {
	m := &marker{analyzer: analyzer, seen: map[string]uint32{}}
	bit := uint(0)
	for _, i := range want.items {
		m.items = append(m.items, markedItem{i, bit})
		m.first.add(i)
		bit += uint(len(i.words))
	}
	return m
}

// mark is a word that was looked for.
type mark struct {
	terms.Token

	bits uint32 // of the words it can be
}

// marks returns the words of a text that were looked for.
func (m *marker) marks(text string) []mark {
	var all, run []mark
	for token := range terms.Words(text) {
		bits := m.bits(text[token.Start:token.End])
		if bits != 0 {
			run = append(run, mark{token, bits})
			continue
		}
		all, run = append(all, m.phrases(run)...), run[:0]
	}
	return append(all, m.phrases(run)...)
}

// phrases takes from words that stand side by side those of phrases that are
// not complete.
func (m *marker) phrases(run []mark) []mark {
	kept := make([]uint32, len(run))
	for _, i := range m.items {
		for at := 0; at+len(i.words) <= len(run); at++ {
			if !i.at(run[at:]) {
				continue
			}
			for n := range i.words {
				kept[at+n] |= 1 << (i.bit + uint(n))
			}
		}
	}
	var left []mark
	for at, k := range kept {
		if k != 0 {
			left = append(left, mark{run[at].Token, k})
		}
	}
	return left
}

// at reports whether the words of the item stand at the beginning of a run.
func (i markedItem) at(run []mark) bool {
	for n := range i.words {
		if run[n].bits&(1<<(i.bit+uint(n))) == 0 {
			return false
		}
	}
	return true
}

// bits returns a bit for each word that a word of the article is a form of.
func (m *marker) bits(word string) uint32 {
	if !m.first.may(word) {
		return 0
	}
	if bits, ok := m.seen[word]; ok {
		return bits
	}
	t := m.analyzer.Word(word)
	bits := uint32(0)
	for _, i := range m.items {
		for n, w := range i.words {
			if i.meets(w, t) {
				bits |= 1 << (i.bit + uint(n))
			}
		}
	}
	m.seen[strings.Clone(word)] = bits
	return bits
}

func (i item) meets(want, is terms.Terms) bool {
	if want.Exact == is.Exact || shares(want.Class, is.Class) || shares(want.Folded, is.Folded) {
		return true
	}
	return slices.ContainsFunc(is.Forms, func(form string) bool {
		return i.prefix != "" && strings.HasPrefix(form, i.prefix) || i.edit != "" && oneEdit(i.edit, form)
	})
}

// oneEdit reports whether one letter more, less or other makes b of a.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > utf8.UTFMax {
		return false
	}
	x, y := []rune(a), []rune(b)
	at := 0
	for at < len(x) && at < len(y) && x[at] == y[at] {
		at++
	}
	switch len(y) - len(x) {
	case 0:
		return at == len(x) || slices.Equal(x[at+1:], y[at+1:])
	case 1:
		return slices.Equal(x[at:], y[at+1:])
	}
	return false
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}
