package letterpair

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Piece is one text of a corpus.
type Piece struct {
	Name  string   // of its file
	Title string   // the first line
	Words []string // of the title and the text, as written, in order
}

// Corpus reads the texts of one folder, sorted by name: UTF-8 files whose first
// line is the title and whose second is empty.
func Corpus(folder fs.FS) ([]Piece, error) {
	names, err := fs.Glob(folder, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	var pieces []Piece
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("corpus: %w", err)
		}
		title, _, ok := strings.Cut(string(raw), "\n\n")
		if !ok || title == "" || strings.Contains(title, "\n") {
			return nil, fmt.Errorf("corpus: %s: want a title, an empty line and a text", name)
		}
		words := strings.FieldsFunc(norm.NFC.String(string(raw)), func(r rune) bool { return !unicode.IsLetter(r) })
		pieces = append(pieces, Piece{path.Base(name), title, words})
	}
	if len(pieces) == 0 {
		return nil, fmt.Errorf("corpus: no texts: %w", fs.ErrNotExist)
	}
	return pieces, nil
}

// vocabulary returns the different words of a piece that teach something: of two
// letters and more, not in capitals, all letters on the keyboard. The value says
// whether the word was written in small letters, hence is no name.
func (p Piece) vocabulary(keyboard *Keyboard) map[string]bool {
	words := map[string]bool{}
	for _, word := range p.Words {
		lower := strings.ToLower(word)
		if len([]rune(word)) < 2 || strings.ToUpper(word) == word ||
			strings.ContainsFunc(lower, func(r rune) bool { return !keyboard.Has(r) }) {
			continue
		}
		words[lower] = words[lower] || word == lower
	}
	return words
}
