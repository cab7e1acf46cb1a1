package targets

import (
	"unicode"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// xAddress is the weight of any address in a post.
const xAddress = 23

// xWeight measures a text as X does: letters of European scripts and common
// punctuation count one, everything else two, an emoji two however many
// characters make it, and an address 23. In doubt the weight is too high, so
// that a post is never refused.
func xWeight(text string) int {
	total := 0
	var word xWord
	for cluster := range excerpt.Clusters(text) {
		if len(cluster) == 1 && cluster[0]|0x20 >= 'a' && cluster[0]|0x20 <= 'z' {
			word.letter(1) // most of them, and quickly told
			continue
		}
		first, _ := utf8.DecodeRuneInString(cluster)
		if first != '.' && first != '-' && !letter(first) && !unicode.IsDigit(first) {
			total += word.total() + clusterWeight(cluster)
			word = xWord{}
			continue
		}
		word.add(first, clusterWeight(cluster))
	}
	return total + word.total()
}

// xWord is a run of what the name of a host is made of. X makes an address of
// one that ends like a domain, without being asked to.
type xWord struct {
	weight  int
	dotted  bool // the letters now read follow a dot
	letters int  // of them
	address bool
}

func (w *xWord) add(r rune, weight int) {
	switch {
	case r == '.':
		w.dotted, w.letters = true, 0
	case letter(r):
		w.letter(weight)
		return
	}
	w.weight += weight
}

func (w *xWord) letter(weight int) {
	w.weight += weight
	w.letters++
	w.address = w.address || w.dotted && w.letters >= 2
}

func (w *xWord) total() int {
	if w.address {
		return max(w.weight, xAddress)
	}
	return w.weight
}

// letter is unicode.IsLetter, sooner told for Latin script.
func letter(r rune) bool {
	const times, division = 0xD7, 0xF7
	return r >= 0xC0 && r < 0x250 && r != times && r != division || unicode.IsLetter(r)
}

// clusterWeight returns the weight of what a reader sees as one character.
func clusterWeight(cluster string) int {
	first, _ := utf8.DecodeRuneInString(cluster)
	if pictograph(first) {
		return 2
	}
	weight := 0
	for _, r := range cluster {
		weight += runeWeight(r)
	}
	return weight
}

// runeWeight returns the weight that X's published configuration gives a
// character.
func runeWeight(r rune) int {
	switch {
	case r <= 0x10FF, r >= 0x2000 && r <= 0x200D, r >= 0x2010 && r <= 0x201F, r >= 0x2032 && r <= 0x2037:
		return 1
	}
	return 2
}

// pictograph reports whether an emoji begins with r.
func pictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x2BFF
}
