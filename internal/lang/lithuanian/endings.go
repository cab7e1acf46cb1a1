package lithuanian

import (
	"strings"
	"unicode/utf8"
)

// ending says what a word with an ending may be. Endings are compiled: the
// rules of all tables for one ending stand together, so that a stem is looked up
// once for all of them.
type ending struct {
	soft  bool   // begins with i and a back vowel
	nouns string // marks of the declensions

	adjectives mask   // declensions, for stems that are known as adjectives
	certain    string // when not empty, no other word has the ending: marks of the noun keys of an unknown adjective
	afterJ     string // the same for stems in j, after which no i is written

	verbs, reflexives slots // of stems that are known
	sure              slots // slotInfinitive: any stem; slotReflexive: the same with -si
}

// mask is a set of declensions of adjectives.
type mask uint8

const anyDeclension mask = 1<<8 - 1

// node is a place in the tree of all endings, read from their last byte.
type node struct {
	next   []edge
	ending *ending // nil when none ends here
}

type edge struct {
	letter byte
	to     *node
}

func (n *node) child(letter byte) *node {
	for i := range n.next {
		if n.next[i].letter == letter {
			return n.next[i].to
		}
	}
	return nil
}

// at returns what the ending is, to be added to.
func (g *grammar) at(text string) *ending {
	text = g.spell(text)
	n := g.endings
	for i := len(text) - 1; i >= 0; i-- {
		next := n.child(text[i])
		if next == nil {
			next = &node{}
			n.next = append(n.next, edge{text[i], next})
		}
		n = next
	}
	if n.ending == nil {
		n.ending = &ending{soft: softens(text)}
	}
	return n.ending
}

// union adds those marks to marks that are not in it.
func union(marks, more string) string {
	for i := range len(more) {
		if strings.IndexByte(marks, more[i]) < 0 {
			marks += more[i : i+1]
		}
	}
	return marks
}

// keysOf returns the keys of a word that letters let pass, in order, each once;
// without diacritics when fold says so.
func (g *grammar) keysOf(text string, fold bool) []string {
	var verbs, adj [6]int
	w := word{text: text, vowel: strings.IndexFunc(text, isVowel), fold: fold}
	for _, key := range g.irregular[text] {
		w.add("", key[:len(key)-1], key[len(key)-1:])
	}
	prefixed := g.verbs.prefixes.splits(verbs[:0], text)
	negated := g.adjectives.prefixes.splits(adj[:0], text)
	n := g.endings
	for at := len(text); at > 0 && n != nil; at-- {
		if n.ending != nil {
			g.apply(&w, at, n.ending, prefixed, negated)
		}
		n = n.child(text[at-1])
	}
	return w.keys()
}

// apply adds the keys of the word when the part after at is an ending.
func (g *grammar) apply(w *word, at int, e *ending, prefixed, negated []int) {
	stem := w.text[:at]
	if e.soft {
		if last := stem[at-1]; last == 't' || last == 'd' {
			return // it would be č or dž
		}
		stem = g.harden(stem)
	}
	stem = g.stemEnd(stem)
	if e.verbs|e.reflexives|e.sure != 0 {
		g.applyVerb(w, stem, prefixed, e)
	}
	if at < 2 || at == 2 && w.text[0] >= utf8.RuneSelf || w.vowel >= at {
		return // fewer than two letters, or none to speak
	}
	for i := range len(e.nouns) {
		w.add("", stem, e.nouns[i:i+1])
	}
	if e.adjectives != 0 || e.certain != "" || e.afterJ != "" {
		g.applyAdjective(w, stem, negated, e)
	}
}

func isVowel(r rune) bool {
	switch r {
	case 'a', 'ą', 'e', 'ę', 'ė', 'i', 'į', 'y', 'o', 'u', 'ų', 'ū':
		return true
	}
	return false
}

// prefixes are what may stand before a stem.
type prefixes struct {
	known   map[string]bool
	longest int // in bytes
	first   [256]bool
}

func (p *prefixes) add(prefix string) {
	if p.known == nil {
		p.known = map[string]bool{}
	}
	p.known[prefix] = true
	p.longest = max(p.longest, len(prefix))
	p.first[prefix[0]] = true
}

// splits appends the places where a stem may begin: the beginning of the word
// and where a prefix ends, as many as there is room for.
func (p *prefixes) splits(places []int, text string) []int {
	places = append(places, 0)
	if !p.first[text[0]] {
		return places
	}
	for at := 1; at <= p.longest && at < len(text) && len(places) < cap(places); at++ {
		if utf8.RuneStart(text[at]) && p.known[text[:at]] {
			places = append(places, at)
		}
	}
	return places
}
