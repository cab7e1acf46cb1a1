package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const vowels = "aeiouy"

// firsts says by its first letter and its length whether a word can be one that
// is looked for, so that most words of a text need no analysis. Forms of a word
// begin with the same letter, or all with vowels (imti, ėmė); a typing error can
// change it.
type firsts struct {
	letters map[rune]bool // without diacritics
	lengths []int         // in letters, of words that may be mistyped
}

func (f *firsts) add(i item) {
	if f.letters == nil {
		f.letters = map[rune]bool{}
	}
	for _, word := range i.words {
		for _, form := range append([]string{word.Exact}, word.Forms...) {
			letter := firstOf(form)
			f.letters[letter] = true
			if strings.ContainsRune(vowels, letter) {
				for _, v := range vowels {
					f.letters[v] = true
				}
			}
		}
	}
	if i.edit != "" {
		f.lengths = append(f.lengths, utf8.RuneCountInString(i.edit))
	}
}

func (f *firsts) may(word string) bool {
	if f.letters[firstOf(word)] {
		return true
	}
	for _, length := range f.lengths {
		// A letter may be written with a mark of its own, or as two.
		if n := utf8.RuneCountInString(word); length-2 <= n && n <= length+2 {
			return true
		}
	}
	return false
}

// firstOf returns the first letter in lower case and without its diacritics.
func firstOf(word string) rune {
	first, _ := utf8.DecodeRuneInString(word)
	if first < utf8.RuneSelf {
		return unicode.ToLower(first)
	}
	first = unicode.ToLower(first)
	for _, letter := range "aceiosuzl" {
		if slices.Contains(variants(letter), first) {
			return letter
		}
	}
	return first
}
