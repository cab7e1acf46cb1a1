package letterpair

import (
	"slices"
	"strings"
)

// columns are paths that people run down across the rows.
const columns = "qazwsxedcrfvtgbyhnujm qweasdzxc"

// IsWalk reports letters that follow one another on the keyboard, such as "sdfg"
// and "poiu", also over and over ("dfgdfg"), there and back ("asdfds"), and one
// key held down.
func (k *Keyboard) IsWalk(word string) bool {
	unit := []rune(word)[:Unit(word)]
	switch {
	case len(unit) == 1:
		return true
	case len(unit) < 3:
		return false
	}
	forth, back := string(unit), reversed(unit)
	for _, path := range append(strings.Fields(columns), k.rows...) {
		if strings.Contains(path, forth) || strings.Contains(path, back) {
			return true
		}
	}
	return len(unit) > 3 && k.isStroll([]rune(word))
}

// isStroll takes steps from key to neighboring key in one row.
func (k *Keyboard) isStroll(word []rune) bool {
	for i := 1; i < len(word); i++ {
		from, ok := k.places[word[i-1]]
		to, known := k.places[word[i]]
		if !ok || !known || from.row != to.row || max(from.column-to.column, to.column-from.column) != 1 {
			return false
		}
	}
	return true
}

// Unit returns the length, in letters, of the shortest part that word repeats,
// which may be all of it. A last repetition may be cut short when the part has
// three letters or more, as in "asdasda".
func Unit(word string) int {
	letters := []rune(word)
	for size := 1; size <= len(letters)/2; size++ {
		if (len(letters)%size == 0 || size >= 3) && repeats(letters, size) {
			return size
		}
	}
	return len(letters)
}

func repeats(letters []rune, size int) bool {
	for i := size; i < len(letters); i++ {
		if letters[i] != letters[i-size] {
			return false
		}
	}
	return true
}

func reversed(letters []rune) string {
	back := slices.Clone(letters)
	slices.Reverse(back)
	return string(back)
}
