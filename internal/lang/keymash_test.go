package lang_test

import "math/rand/v2"

// masher makes keyboard noise as a hand of one layout would. It shares nothing
// with the detector's own idea of a keyboard, which is a table of distances.
type masher struct {
	random           *rand.Rand
	digits           string // letters in the row of digits
	top, home, under [2]string
}

// newMasher seeds a masher for a language; the rows are split where the hands
// meet.
func newMasher(code string, seed uint64) *masher {
	m := &masher{
		random: rand.New(rand.NewPCG(seed, 2026)),
		top:    [2]string{"qwert", "yuiop"}, home: [2]string{"asdfg", "hjkl"}, under: [2]string{"zxcv", "bnm"},
	}
	switch code {
	case "lt":
		m.digits = "ąčęėįšųūž"
	case "da":
		m.top[1], m.home[1] = "yuiopå", "hjklæø"
	}
	return m
}

// kinds are the ways to make noise of a number of letters.
func (m *masher) kinds() map[string]func(length int) string {
	return map[string]func(int) string{
		"row walk":           m.walk,
		"one hand at a time": func(n int) string { return m.mash(n, 30) },
		"alternate hands":    func(n int) string { return m.mash(n, 85) },
		"repeated chunk":     m.chunk,
	}
}

// walk runs along one row, from any key in either direction, and turns at its
// ends.
func (m *masher) walk(length int) string {
	rows := []string{m.top[0] + m.top[1], m.home[0] + m.home[1], m.under[0] + m.under[1]}
	if m.digits != "" {
		rows = append(rows, m.digits)
	}
	row := []rune(rows[m.random.IntN(len(rows))])
	at, step := m.random.IntN(len(row)), 1-2*m.random.IntN(2)
	var out []rune
	for range length {
		out = append(out, row[at])
		if at+step < 0 || at+step >= len(row) {
			step = -step
		}
		at += step
	}
	return string(out)
}

// mash hits keys near the home row, two of three on it, and changes the hand
// after a key with the given chance of a hundred.
func (m *masher) mash(length, change int) string {
	hand := m.random.IntN(2)
	var out []rune
	for range length {
		row := m.home
		switch m.random.IntN(6) {
		case 0:
			row = m.top
		case 1:
			row = m.under
		}
		keys := []rune(row[hand])
		out = append(out, keys[m.random.IntN(len(keys))])
		if m.random.IntN(100) < change {
			hand = 1 - hand
		}
	}
	return string(out)
}

// chunk types two to four keys over and over; the last time may be cut short.
func (m *masher) chunk(length int) string {
	size := 2 + m.random.IntN(3)
	unit := m.mash(size, 30)
	if m.random.IntN(2) == 0 {
		unit = m.walk(size)
	}
	keys := []rune(unit)
	var out []rune
	for i := range length {
		out = append(out, keys[i%size])
	}
	return string(out)
}
