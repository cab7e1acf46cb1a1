package letterpair

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

const (
	// sparedOf is how many words of texts that the model has not seen may have
	// one among them that it takes for noise; the limit is set so.
	sparedOf = 200
	// enoughWords are needed to set a limit at all.
	enoughWords = 4 * sparedOf
	// judgedLetters are the letters that a word must have to be judged.
	judgedLetters = 3
)

var errCorpusSize = errors.New("corpus: too few different words to set a limit; write more")

// counts holds how often one letter follows another.
type counts map[rune]map[rune]int

func (c counts) add(a, b rune, n int) {
	if c[a] == nil {
		c[a] = map[rune]int{}
	}
	c[a][b] += n
}

// count takes each different word once, so that the language is learned and not
// the words that are on every page.
func count(words map[string]bool) counts {
	c := counts{}
	for word := range words {
		last := rune(wordBegin)
		for _, r := range word {
			c.add(last, r, 1)
			last = r
		}
		c.add(last, wordEnd, 1)
	}
	return c
}

// Generate makes the pairs.yaml of a language from its corpus and the rows of
// its keyboard. The same corpus gives the same bytes.
func Generate(corpus fs.FS, rows []string) ([]byte, error) {
	keyboard, err := NewKeyboard(rows)
	if err != nil {
		return nil, err
	}
	pieces, err := Corpus(corpus)
	if err != nil {
		return nil, err
	}
	words := map[string]bool{}
	var vocabularies []map[string]bool
	for _, p := range pieces {
		v := p.vocabulary(keyboard)
		vocabularies = append(vocabularies, v)
		merge(words, v)
	}
	limit, err := limit(vocabularies, keyboard)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Made by `make generate` from testdata/corpus; do not edit.\n"+
		"# How often one letter follows another in the different words of the corpus; ^ is\n"+
		"# the beginning of a word, $ its end. Words that score under the limit are noise.\n"+
		"limit: %.2f\nfollows:\n", limit)
	all := count(words)
	for _, a := range sortedKeys(all) {
		fmt.Fprintf(&out, "  %q: %q\n", string(a), row(all[a]))
	}
	return out.Bytes(), nil
}

// limit scores the words of each text by a model of all the others, which has
// not seen them, and returns the score that one of sparedOf does not reach.
func limit(vocabularies []map[string]bool, keyboard *Keyboard) (float64, error) {
	var scores []float64
	for i, held := range vocabularies {
		rest := map[string]bool{}
		for j, v := range vocabularies {
			if j != i {
				merge(rest, v)
			}
		}
		model := newModel(count(rest), keyboard, 0)
		for word, small := range held {
			letters := []rune(word)
			if _, seen := rest[word]; small && !seen && len(letters) >= judgedLetters {
				scores = append(scores, model.Score(letters))
			}
		}
	}
	if len(scores) < enoughWords {
		return 0, fmt.Errorf("%w: %d, want %d", errCorpusSize, len(scores), enoughWords)
	}
	slices.Sort(scores)
	return scores[len(scores)/sparedOf], nil
}

func merge(into, from map[string]bool) {
	for word, small := range from {
		into[word] = into[word] || small
	}
}

// row writes the most frequent letters first.
func row(counts map[rune]int) string {
	letters := sortedKeys(counts)
	slices.SortStableFunc(letters, func(a, b rune) int { return cmp.Compare(counts[b], counts[a]) })
	var fields []string
	for _, b := range letters {
		fields = append(fields, fmt.Sprintf("%c%d", b, counts[b]))
	}
	return strings.Join(fields, " ")
}

func sortedKeys[V any](m map[rune]V) []rune { return slices.Sorted(maps.Keys(m)) }
