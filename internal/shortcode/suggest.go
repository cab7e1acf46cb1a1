package shortcode

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxSuggestions is the greatest number of codes that Suggestions returns: one
// for each place of a code, and one for each pair of neighbors.
const MaxSuggestions = Length + Length - 1

// Suggestions returns the codes that a person may have meant who typed text:
// those that are one swap of neighbors, one other character, one left out or
// one too many away, the likelier first, at most [MaxSuggestions]. Lithuanian
// letters stand for the digits on whose keys they are.
//
// It returns nothing for a code whose check is right, since that is not
// mistyped, and for what is not as long as a code, give or take one. The check
// leaves few codes to choose from; which of them lead anywhere is for the
// caller to find out.
func Suggestions(text string) []string {
	typed := read(text)
	if typed == nil {
		return nil
	}
	var found []string
	switch len(typed) {
	case Length - 1:
		found = insertions(typed)
	case Length:
		if whole(typed) && root(typed) == 0 {
			return nonASCII(text, typed)
		}
		found = append(swaps(typed), substitutions(typed)...)
	case Length + 1:
		found = deletions(typed)
	}
	return distinct(found)
}

// nonASCII returns the code where it was typed with Lithuanian letters: right
// it is, but nothing other than ASCII opens an article.
func nonASCII(text string, typed []byte) []string {
	if len(text) == len(typed) {
		return nil
	}
	return []string{string(typed)}
}

// unknown stands for a character that is not of the alphabet.
const unknown = '?'

// mayBeMistyped reports whether Suggestions looks at text.
func mayBeMistyped(text string) bool { return read(text) != nil }

// read returns the characters of text as they would stand in a code, at most one
// of them unknown. It returns nil where text has the wrong length, or more than
// one mistake at first sight.
func read(text string) []byte {
	if len(text) < Length-1 || len(text) > 2*(Length+1) || !utf8.ValidString(text) {
		return nil
	}
	typed := make([]byte, 0, Length+1)
	for _, r := range text {
		c, ok := meant(r)
		if !ok || len(typed) > Length || c == unknown && !whole(typed) {
			return nil
		}
		typed = append(typed, c)
	}
	if len(typed) < Length-1 {
		return nil
	}
	return typed
}

func meant(r rune) (byte, bool) {
	if r > ' ' && r < 0x7f && r != '/' && r != '\\' {
		if c := fold(byte(r)); c != 0 {
			return c, true
		}
		return unknown, true
	}
	// The upper row of a Lithuanian keyboard.
	for i, pair := range []string{"ąĄ", "čČ", "ęĘ", "ėĖ", "įĮ", "šŠ", "ųŲ", "ūŪ"} {
		if strings.ContainsRune(pair, r) {
			return alphabet[i+1], true
		}
	}
	return unknown, r == 'ž' || r == 'Ž'
}

// whole reports whether all characters are of the alphabet.
func whole(typed []byte) bool { return !slices.Contains(typed, unknown) }

// swaps returns the codes in which two neighbors stand the other way around.
func swaps(typed []byte) []string {
	if !whole(typed) {
		return nil
	}
	var found []string
	for i := range len(typed) - 1 {
		other := slices.Clone(typed)
		other[i], other[i+1] = other[i+1], other[i]
		if root(other) == 0 {
			found = append(found, string(other))
		}
	}
	return found
}

// substitutions returns the codes with another character at one place: there is
// one for each place, or one in all where a character is not of the alphabet.
func substitutions(typed []byte) []string {
	var found []string
	for i := range typed {
		other := slices.Clone(typed)
		other[i] = alphabet[0]
		if !whole(other) {
			continue
		}
		other[i] = alphabet[repair(root(other), i)]
		found = append(found, string(other))
	}
	return found
}

// insertions returns the codes with one more character: one for each place.
func insertions(typed []byte) []string {
	if !whole(typed) {
		return nil
	}
	var found []string
	for i := range len(typed) + 1 {
		other := slices.Insert(slices.Clone(typed), i, alphabet[0])
		other[i] = alphabet[repair(root(other), i)]
		found = append(found, string(other))
	}
	return found
}

// deletions returns the codes with one character less.
func deletions(typed []byte) []string {
	var found []string
	for i := range typed {
		other := slices.Delete(slices.Clone(typed), i, i+1)
		if whole(other) && root(other) == 0 {
			found = append(found, string(other))
		}
	}
	return found
}

// distinct drops what was found before.
func distinct(found []string) []string {
	var kept []string
	for _, code := range found {
		if !slices.Contains(kept, code) {
			kept = append(kept, code)
		}
	}
	return kept
}
