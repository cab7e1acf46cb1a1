package lang

import "strings"

// keyboardRows returns the rows of letters that Lithuanian, English and Danish
// keyboards share, and the columns people run down.
func keyboardRows() []string {
	return []string{
		"qwertyuiop", "asdfghjkl", "zxcvbnm",
		"qazwsxedcrfvtgbyhnujm", "qweasdzxc",
	}
}

// isRowRun reports letters that follow one another on the keyboard, forwards or
// backwards, such as "sdfg" and "poiu", also over and over ("dfgdfg"), and one
// letter held down.
func isRowRun(s string) bool {
	unit := repeatedUnit(s)
	if len(unit) == 1 {
		return true
	}
	if len(unit) < 3 {
		return false
	}
	for _, row := range keyboardRows() {
		if strings.Contains(row, unit) || strings.Contains(reverse(row), unit) {
			return true
		}
	}
	return false
}

// repeatedUnit returns the shortest string that s repeats, which may be s. A
// last repetition may be cut short, as in "asdasda".
func repeatedUnit(s string) string {
	for size := 1; size <= len(s)/2; size++ {
		unit := s[:size]
		repeated := strings.Repeat(unit, len(s)/size+1)
		if strings.HasPrefix(repeated, s) && (len(s)%size == 0 || size >= 3) {
			return unit
		}
	}
	return s
}

func reverse(s string) string {
	reversed := []byte(s)
	for i, j := 0, len(reversed)-1; i < j; i, j = i+1, j-1 {
		reversed[i], reversed[j] = reversed[j], reversed[i]
	}
	return string(reversed)
}

// place returns the row and the column of a key; ok is false for other letters.
func place(letter byte) (row, column int, ok bool) {
	for row, keys := range keyboardRows()[:3] {
		if column := strings.IndexByte(keys, letter); column >= 0 {
			return row, column, true
		}
	}
	return 0, 0, false
}

// oneRow reports that all letters of s are in one row of the keyboard.
func oneRow(s string) bool {
	first, _, ok := place(s[0])
	for i := 1; ok && i < len(s); i++ {
		row, _, known := place(s[i])
		ok = known && row == first
	}
	return ok
}

// areNeighbors reports that each letter of s lies beside the one before it, in
// its row or the next.
func areNeighbors(s string) bool {
	for i := 1; i < len(s); i++ {
		row, column, ok := place(s[i])
		lastRow, lastColumn, lastOK := place(s[i-1])
		if !ok || !lastOK || max(row-lastRow, lastRow-row) > 1 || max(column-lastColumn, lastColumn-column) > 1 {
			return false
		}
	}
	return true
}
