package manuscript

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean makes the bytes of a file text that articles can hold: UTF-8 in NFC,
// lines ended by a line feed, tabs as spaces, no control or other invisible
// characters. What is lost by it is noted.
func clean(source []byte) ([]byte, []Note) {
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	var notes []Note
	if !utf8.Valid(source) {
		notes = append(notes, Note{Text: "the file is not UTF-8; bytes that are no characters became \ufffd. Save it as UTF-8"})
		source = bytes.ToValidUTF8(source, []byte("\ufffd"))
	}
	line := 1
	lost := map[rune]bool{}
	kept := strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			line++
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t':
			return r
		case r == '\u00ad', unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff', r == '\u200b':
			if !lost[r] {
				lost[r] = true
				notes = append(notes, Note{Line: line, Text: fmt.Sprintf("the invisible character %U was left out, here and wherever else it stands", r)})
			}
			return -1
		}
		return r
	}, string(source))
	return norm.NFC.Bytes([]byte(kept)), notes
}
