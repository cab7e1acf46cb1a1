package lang

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// pairSmoothing is counted for every pair in advance, so that a pair never
	// seen is improbable, not impossible.
	pairSmoothing = 0.1
	// unknownPair is the logarithm for letters that the language does not have.
	unknownPair = -9.0

	wordBegin, wordEnd = '^', '$'
)

// pairModel holds the natural logarithms of the probabilities that one letter
// follows another.
type pairModel struct {
	letters map[rune]bool
	logs    map[[2]rune]float64
	unseen  map[rune]float64 // by first letter
}

func newPairModel(table pairsTable) (*pairModel, error) {
	m := &pairModel{map[rune]bool{}, map[[2]rune]float64{}, map[rune]float64{}}
	for _, r := range table.Alphabet {
		m.letters[r] = true
	}
	kinds := float64(len(m.letters) + 1)
	for first, row := range table.Follows {
		a, size := utf8.DecodeRuneInString(first)
		if size != len(first) || (a != wordBegin && !m.letters[a]) {
			return nil, fmt.Errorf("follows: %q is not a letter of the alphabet", first)
		}
		counts, sum := map[rune]float64{}, 0.0
		for field := range strings.FieldsSeq(row) {
			b, size := utf8.DecodeRuneInString(field)
			n, err := strconv.Atoi(field[size:])
			if err != nil || n <= 0 || (b != wordEnd && !m.letters[b]) {
				return nil, fmt.Errorf("follows: %s: %q: want a letter of the alphabet and a count", first, field)
			}
			counts[b] = float64(n)
			sum += float64(n)
		}
		total := math.Log(sum + pairSmoothing*kinds)
		for b, n := range counts {
			m.logs[[2]rune{a, b}] = math.Log(n+pairSmoothing) - total
		}
		m.unseen[a] = math.Log(pairSmoothing) - total
	}
	return m, nil
}

// log returns the logarithm for b after a.
func (m *pairModel) log(a, b rune) float64 {
	if log, ok := m.logs[[2]rune{a, b}]; ok {
		return log
	}
	if log, ok := m.unseen[a]; ok && (b == wordEnd || m.letters[b]) {
		return log
	}
	return unknownPair
}

// WordScore returns how much word looks like a word of the language: the mean
// natural logarithm of the probabilities of its letter pairs, beginning and end
// included. Ordinary words lie between -2 and -3.5, keyboard noise below -4.
// Case is ignored and letters foreign to the language count as their base
// letters. A word without letters scores negative infinity.
func (l *Language) WordScore(word string) float64 {
	sum, pairs, last := 0.0, 0, rune(wordBegin)
	for _, r := range l.modelLetters(word) {
		sum += l.pairs.log(last, r)
		last = r
		pairs++
	}
	if pairs == 0 {
		return math.Inf(-1)
	}
	return (sum + l.pairs.log(last, wordEnd)) / float64(pairs+1)
}

// modelLetters returns the letters of word as the pair table knows them.
func (l *Language) modelLetters(word string) []rune {
	var letters []rune
	for _, r := range strings.ToLower(compose(word)) {
		switch {
		case !unicode.IsLetter(r):
		case l.pairs.letters[r]:
			letters = append(letters, r)
		default:
			letters = append(letters, []rune(l.fold(string(r)))...)
		}
	}
	return letters
}
