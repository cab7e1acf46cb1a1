// Package excerpt shortens texts for places that hold only so much, at a word
// end and with an ellipsis, never inside what a reader sees as one character.
package excerpt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Ellipsis stands for what was cut off.
const Ellipsis = "…"

// Measure says how much of a limit a text takes. A longer text never takes
// less than its own beginning.
type Measure func(text string) int

// Runes measures in Unicode characters.
func Runes(text string) int { return utf8.RuneCountInString(text) }

// Cut returns text when it takes at most limit, else as many whole words of
// it as fit before an ellipsis; a first word too long for that is cut too.
// It is empty when not even one character and the ellipsis fit.
func Cut(text string, limit int, measure Measure) string {
	whole := measure(text)
	if whole <= limit {
		return text
	}
	ends := boundaries(text)
	fitting := search(len(ends), limit, whole, func(i int) int { return measure(text[:ends[i]] + Ellipsis) })
	if fitting == 0 {
		return ""
	}
	return finish(text, ends[fitting-1])
}

// CutEvenly is Cut for a measure that is the sum of what each character, as
// readers see them, takes: it is told once for each.
func CutEvenly(text string, limit int, measure Measure) string {
	room := limit - measure(Ellipsis)
	taken, at, end := 0, 0, 0 // end is where the ellipsis would still fit
	for cluster := range Clusters(text) {
		taken += measure(cluster)
		at += len(cluster)
		if taken <= room {
			end = at
		}
		if taken > limit {
			if end == 0 {
				return ""
			}
			return finish(text, end)
		}
	}
	return text
}

// finish cuts text at an offset or a little before, at the end of a word.
func finish(text string, at int) string {
	head := text[:at]
	next, _ := utf8.DecodeRuneInString(text[at:])
	if !unicode.IsSpace(next) {
		head = wholeWords(head)
	}
	return trimEnd(head) + Ellipsis
}

// search returns how many of the first n measures, which do not fall, are at
// most limit. Measuring is what takes time, and most measures grow evenly: every
// other guess is where the limit would then be, whole being the last measure.
func search(n, limit, whole int, measure func(int) int) int {
	low, high := 0, n // all below low fit, nothing from high on does
	least, most := 0, whole
	for even := true; low < high; even = !even {
		guess := (low + high) / 2
		if even && most > least {
			guess = low + (limit-least)*(high-low)/(most-least)
		}
		guess = min(max(guess, low), high-1)
		if took := measure(guess); took <= limit {
			low, least = guess+1, took
		} else {
			high, most = guess, took
		}
	}
	return low
}

// boundaries returns the offsets at which characters, as readers see them,
// end.
func boundaries(text string) []int {
	ends := make([]int, 0, len(text))
	at := 0
	for cluster := range Clusters(text) {
		at += len(cluster)
		ends = append(ends, at)
	}
	return ends
}

// wholeWords leaves out the word that head ends within, unless it is the only
// one.
func wholeWords(head string) string {
	if end := strings.LastIndexFunc(head, unicode.IsSpace); end > 0 && trimEnd(head[:end]) != "" {
		return head[:end]
	}
	return head
}

// trimEnd leaves out what looks odd before an ellipsis. A text of nothing else
// stays.
func trimEnd(head string) string {
	trimmed := strings.TrimRightFunc(head, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:.–—-(„…", r)
	})
	if trimmed == "" {
		return head
	}
	return trimmed
}
