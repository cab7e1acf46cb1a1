// Package quality measures how well keys of words find the forms of a word and
// keep different words apart. The evaluation of the search and the tests of the
// Lithuanian keys use it; no service does.
package quality

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Lemma is a word and the forms of it that were seen.
type Lemma struct {
	Word  string
	Part  string // of speech, as Universal Dependencies names it: NOUN, PROPN, ADJ, VERB ...
	Forms []string
}

// ReadLemmas reads lines of word, part of speech and forms, parted by tabs, the
// forms by spaces. Empty lines and those that begin with # are passed over.
func ReadLemmas(r io.Reader) ([]Lemma, error) {
	var lemmas []Lemma
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		if lines.Text() == "" || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("line %d: want word, part of speech and forms, got %d fields", number, len(fields))
		}
		lemmas = append(lemmas, Lemma{Word: fields[0], Part: fields[1], Forms: strings.Fields(fields[2])})
	}
	return lemmas, lines.Err()
}

// Of returns the lemmas of the given parts of speech, all without any.
func Of(lemmas []Lemma, parts ...string) []Lemma {
	return slices.DeleteFunc(slices.Clone(lemmas), func(l Lemma) bool {
		return len(parts) > 0 && !slices.Contains(parts, l.Part)
	})
}

// Keys gives the keys of a form.
type Keys func(form string) []string

// Recall counts the pairs of forms of one lemma, and those of them that share a
// key.
func Recall(lemmas []Lemma, keys Keys) (met, pairs int) {
	for _, lemma := range lemmas {
		pairs += len(lemma.Forms) * (len(lemma.Forms) - 1) / 2
	}
	return pairs - len(Missed(lemmas, keys, keys)), pairs
}

// Missed returns the pairs of forms of one lemma of which the earlier form, with
// the keys of query, does not find the later one.
func Missed(lemmas []Lemma, query, keys Keys) (missed [][2]string) {
	for _, lemma := range lemmas {
		under := make([][]string, len(lemma.Forms))
		for i, form := range lemma.Forms {
			under[i] = keys(form)
		}
		for i, form := range lemma.Forms {
			asked := query(form)
			for k := i + 1; k < len(under); k++ {
				if !Meet(asked, under[k]) {
					missed = append(missed, [2]string{form, lemma.Forms[k]})
				}
			}
		}
	}
	return missed
}

// Conflated returns the pairs of lemmas, by their places in lemmas, of which any
// two forms share a key, and one such key.
func Conflated(lemmas []Lemma, keys Keys) map[[2]int]string {
	owners := map[string][]int{}
	for i, lemma := range lemmas {
		for _, form := range lemma.Forms {
			for _, key := range keys(form) {
				if of := owners[key]; len(of) == 0 || of[len(of)-1] != i {
					owners[key] = append(of, i)
				}
			}
		}
	}
	pairs := map[[2]int]string{}
	for key, of := range owners {
		for i, a := range of {
			for _, b := range of[i+1:] {
				if there, ok := pairs[[2]int{a, b}]; !ok || key < there {
					pairs[[2]int{a, b}] = key
				}
			}
		}
	}
	return pairs
}

// Meet reports whether two lists of keys have one in common.
func Meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}
