package search

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

const (
	maxSnippets  = 3
	snippetBytes = 240 // of a text that is longer
	leadBytes    = 60  // before the first mark
)

// Snippet is a place where words that were looked for stand.
type Snippet struct {
	// Field is the name of the place.
	Field string
	// Pieces are the text around them, cut at the words.
	Pieces []Piece
}

// Piece is a part of a text; Match tells that it was looked for.
type Piece struct {
	Text  string
	Match bool
}

// snippets finds the places in the sections of one search. It is for one
// goroutine.
type snippets struct {
	analyzers *terms.Analyzers
	want      *wanted
	markers   map[*terms.Analyzer]*marker
}

func newSnippets(analyzers *terms.Analyzers, want *wanted) *snippets {
	return &snippets{analyzers: analyzers, want: want, markers: map[*terms.Analyzer]*marker{}}
}

// of returns the best piece of each place where the words stand.
func (s *snippets) of(all Section) []Snippet {
	analyzer := s.analyzers.For(all.Language)
	m := s.markers[analyzer]
	if m == nil {
		m = newMarker(analyzer, s.want)
		s.markers[analyzer] = m
	}
	var found []Snippet
	for _, p := range texts() {
		if len(found) == maxSnippets {
			break
		}
		if text, marks := m.best(all.Texts[p], s.want); len(marks) > 0 {
			found = append(found, Snippet{Field: p.String(), Pieces: pieces(text, marks)})
		}
	}
	return found
}

// best returns the part of the texts that has the most of the wanted words, the
// first one of several.
func (m *marker) best(texts []string, want *wanted) (string, []mark) {
	all := 0
	for _, i := range want.items {
		all += len(i.words)
	}
	most, best, bestMarks := 0, "", []mark(nil)
	for _, text := range texts {
		marks := m.marks(text)
		for first := range marks {
			last, has := reach(marks[first:])
			if has <= most {
				continue
			}
			most, best, bestMarks = has, text, marks[first:first+last]
		}
		if most == all {
			break
		}
	}
	return cut(best, bestMarks)
}

// reach returns how many marks fit into a snippet that begins at the first one,
// and how many wanted words they are.
func reach(marks []mark) (count, words int) {
	together := uint32(0)
	for _, m := range marks {
		if m.End-marks[0].Start > snippetBytes-leadBytes {
			break
		}
		together |= m.bits
		count++
	}
	return max(1, count), bits.OnesCount32(together | marks[0].bits)
}

// cut shortens a text to what stands around the marks, at spaces.
func cut(text string, marks []mark) (string, []mark) {
	if len(text) <= snippetBytes || len(marks) == 0 {
		return text, marks
	}
	from, to := max(0, marks[0].Start-leadBytes), len(text)
	if from > 0 {
		from = marks[0].Start - len(fromWord(text[boundary(text, from):marks[0].Start]))
	}
	if from+snippetBytes < to {
		to = max(marks[len(marks)-1].End, boundary(text, from+snippetBytes))
		if at := strings.LastIndexByte(text[:to], ' '); at >= marks[len(marks)-1].End {
			to = at
		}
	}
	moved := make([]mark, len(marks))
	for i, m := range marks {
		moved[i] = mark{terms.Token{Start: m.Start - from, End: m.End - from}, m.bits}
	}
	return text[from:to], moved
}

// fromWord leaves out the word that a piece was cut in.
func fromWord(piece string) string {
	_, rest, found := strings.Cut(piece, " ")
	if !found {
		return ""
	}
	return rest
}

// boundary moves back to where a character begins.
func boundary(text string, at int) int {
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// pieces cuts a text at its marks. Marked words that a space parts stay apart.
func pieces(text string, marks []mark) []Piece {
	var all []Piece
	at := 0
	add := func(end int, match bool) {
		if end > at {
			all = append(all, Piece{Text: text[at:end], Match: match})
			at = end
		}
	}
	for _, m := range marks {
		add(m.Start, false)
		add(m.End, true)
	}
	add(len(text), false)
	return all
}
