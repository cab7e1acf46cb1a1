package letterpair

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

const (
	homeWeight  = 3.0  // of keys where the fingers rest, others count 1
	digitWeight = 0.2  // of letters in the row of digits, which hands seldom hit
	nearShare   = 0.5  // of keys that are hit because they are near the last one
	nearDecay   = 1.2  // how fast nearness falls off, per key
	endShare    = 0.15 // of keys after which the hand stops
)

// place is where a key is, in keys from the left and rows from the top.
type place struct{ row, column float64 }

// Keyboard is where a language has its letters. It never changes.
type Keyboard struct {
	rows   []string
	places map[rune]place
	logs   map[[2]rune]float64 // of a key after another one
}

// NewKeyboard takes the rows of letters from top to bottom: three, or four where
// letters lie in the row of digits. The fingers rest on the last but one.
func NewKeyboard(rows []string) (*Keyboard, error) {
	if len(rows) < 3 || len(rows) > 4 {
		return nil, fmt.Errorf("keyboard: %d rows, want 3 or 4", len(rows))
	}
	k := &Keyboard{slices.Clone(rows), map[rune]place{}, map[[2]rune]float64{}}
	weights := map[rune]float64{}
	for i, row := range rows {
		line := i + 4 - len(rows) // counted from the row of digits
		for j, letter := range []rune(row) {
			if _, twice := k.places[letter]; twice || letter == utf8.RuneError {
				return nil, fmt.Errorf("keyboard: %q is there twice or is no letter", letter)
			}
			k.places[letter] = place{float64(line), float64(j) + [4]float64{-0.5, 0, 0.25, 0.75}[line]}
			weights[letter] = [4]float64{digitWeight, 1, homeWeight, 1}[line]
		}
	}
	if len(k.places) < 26 {
		return nil, errors.New("keyboard: want the Latin letters at least")
	}
	total := sum(weights)
	for b, weight := range weights {
		k.logs[[2]rune{wordBegin, b}] = math.Log(weight / total)
	}
	for a := range k.places {
		k.after(a, weights, total)
	}
	return k, nil
}

// after fills in the logarithms of every key after a.
func (k *Keyboard) after(a rune, weights map[rune]float64, total float64) {
	near := map[rune]float64{}
	for b, at := range k.places {
		distance := math.Hypot(at.row-k.places[a].row, at.column-k.places[a].column)
		near[b] = weights[b] * math.Exp(-nearDecay*distance)
	}
	all := sum(near)
	for b := range k.places {
		k.logs[[2]rune{a, b}] = math.Log(nearShare*near[b]/all + (1-nearShare)*weights[b]/total)
	}
}

// Has reports whether a small letter has a key.
func (k *Keyboard) Has(letter rune) bool {
	_, ok := k.places[letter]
	return ok
}

// log returns the natural logarithm of the probability that a random hand types
// b after a.
func (k *Keyboard) log(a, b rune) float64 {
	if b == wordEnd {
		return math.Log(endShare)
	}
	if log, ok := k.logs[[2]rune{a, b}]; ok {
		return log
	}
	return -math.Log(float64(len(k.places)))
}

// sum adds in the order of the letters, so that the result is the same each
// time to the last bit.
func sum(values map[rune]float64) float64 {
	total := 0.0
	for _, letter := range sortedKeys(values) {
		total += values[letter]
	}
	return total
}
