package excerpt

import (
	"iter"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Clusters yields what a reader sees as one character each, in order: the
// extended grapheme clusters of Unicode (UAX #29).
func Clusters(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			n := simple(text)
			if n == 0 {
				var cluster string
				cluster, _, _, _ = uniseg.FirstGraphemeClusterInString(text, -1)
				n = len(cluster)
			}
			if !yield(text[:n]) {
				return
			}
			text = text[n:]
		}
	}
}

// Graphemes measures in characters as readers see them.
func Graphemes(text string) int {
	n := 0
	for range Clusters(text) {
		n++
	}
	return n
}

// simple returns the length in bytes of the first character of text when two
// plain ones follow each other, so that it is a cluster by itself: nearly
// always. The rules of Unicode, which take twenty times longer, are for the
// rest; it returns 0 then.
func simple(text string) int {
	if len(text) > 1 && printable(text[0]) && printable(text[1]) {
		return 1
	}
	first, n := utf8.DecodeRuneInString(text)
	if !plain(first) {
		return 0
	}
	if len(text) == n {
		return n
	}
	if next, _ := utf8.DecodeRuneInString(text[n:]); !plain(next) {
		return 0
	}
	return n
}

// printable reports whether c is a printable character of ASCII.
func printable(c byte) bool { return c-' ' <= '~'-' ' }

// plain reports whether r joins nothing beside it that is plain too: letters
// and signs of Latin script, and the dashes and quotation marks of printing.
func plain(r rune) bool { return ' ' <= r && r < 0x300 || 0x2010 <= r && r <= 0x2027 }
