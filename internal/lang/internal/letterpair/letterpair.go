// Package letterpair tells words of a language from keys pressed at random by
// their pairs of letters. It weighs two explanations of a word against each
// other: that someone wrote the language, whose pairs were counted in a corpus,
// and that a hand lay on a keyboard, where the next key is a near one or one of
// the row that the fingers rest on.
//
// The counts and the limit between words and noise are made from the corpus
// alone, by Generate, and kept as a table; noise takes no part in it, so that
// noise can measure the result. Words are judged one at a time: sentences of
// words that mean nothing together pass.
package letterpair

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// smoothing is counted for every pair in advance, so that a pair never seen
	// is improbable, not impossible.
	smoothing = 0.1
	// unknown is the natural logarithm for letters outside the alphabet.
	unknown = -9.0

	wordBegin, wordEnd = '^', '$'
)

// Table is pairs.yaml: for each letter, and ^ for the beginning of a word, the
// letters that follow it with their counts; $ is the end of a word. Scores
// under the limit are those of noise.
type Table struct {
	Limit   float64           `yaml:"limit"`
	Follows map[string]string `yaml:"follows"`
}

// Model scores words of one language. It never changes and is safe for
// concurrent use.
type Model struct {
	keyboard *Keyboard
	limit    float64
	logs     map[[2]rune]float64
	unseen   map[rune]float64 // by first letter
}

// NewModel reads a table. Letters that the keyboard does not have, and counts
// that are no positive numbers, are errors.
func NewModel(table Table, keyboard *Keyboard) (*Model, error) {
	counts := counts{}
	for first, row := range table.Follows {
		a, size := utf8.DecodeRuneInString(first)
		if size != len(first) || (a != wordBegin && !keyboard.Has(a)) {
			return nil, fmt.Errorf("follows: %q is not a letter of the keyboard", first)
		}
		for field := range strings.FieldsSeq(row) {
			b, size := utf8.DecodeRuneInString(field)
			n, err := strconv.Atoi(field[size:])
			if err != nil || n <= 0 || (b != wordEnd && !keyboard.Has(b)) {
				return nil, fmt.Errorf("follows: %s: %q: want a letter of the keyboard and a count", first, field)
			}
			counts.add(a, b, n)
		}
	}
	return newModel(counts, keyboard, table.Limit), nil
}

func newModel(counts counts, keyboard *Keyboard, limit float64) *Model {
	m := &Model{keyboard, limit, map[[2]rune]float64{}, map[rune]float64{}}
	kinds := float64(len(keyboard.places) + 1)
	for a, row := range counts {
		sum := smoothing * kinds
		for _, n := range row {
			sum += float64(n)
		}
		for b, n := range row {
			m.logs[[2]rune{a, b}] = math.Log((float64(n) + smoothing) / sum)
		}
		m.unseen[a] = math.Log(smoothing / sum)
	}
	return m
}

// Has reports whether the language's keyboard has the small letter.
func (m *Model) Has(letter rune) bool { return m.keyboard.Has(letter) }

// Keyboard returns the keyboard of the language.
func (m *Model) Keyboard() *Keyboard { return m.keyboard }

// Margin is Score above the limit of the table: negative for noise.
func (m *Model) Margin(letters []rune) float64 { return m.Score(letters) - m.limit }

// Score returns how much better a word, in small letters, is explained by the
// language than by the keyboard: the difference of the natural logarithms of the
// two probabilities, end of the word included, divided by the square root of the
// number of pairs, as the sum of so many chances deviates. Positive scores speak
// for the language. A word without letters scores negative infinity.
func (m *Model) Score(letters []rune) float64 {
	if len(letters) == 0 {
		return math.Inf(-1)
	}
	sum, last := 0.0, rune(wordBegin)
	for _, r := range letters {
		sum += m.log(last, r) - m.keyboard.log(last, r)
		last = r
	}
	sum += m.log(last, wordEnd) - m.keyboard.log(last, wordEnd)
	return sum / math.Sqrt(float64(len(letters)+1))
}

// log returns the natural logarithm of the probability of b after a.
func (m *Model) log(a, b rune) float64 {
	if log, ok := m.logs[[2]rune{a, b}]; ok {
		return log
	}
	if log, ok := m.unseen[a]; ok && (b == wordEnd || m.keyboard.Has(b)) {
		return log
	}
	return unknown
}
