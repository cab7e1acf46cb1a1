package lang

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// TextReason says why a text was refused.
type TextReason int

// Reasons of a TextError.
const (
	TextInvalidUTF8      TextReason = iota // bytes that are no UTF-8
	TextControlCharacter                   // a control character other than a line feed
)

// TextError reports the first place at which NormalizeText refuses a text.
type TextError struct {
	Reason TextReason
	Offset int  // in bytes of the input
	Rune   rune // the character refused; utf8.RuneError for invalid bytes
}

// Error says what to remove and where.
func (e *TextError) Error() string {
	if e.Reason == TextInvalidUTF8 {
		return fmt.Sprintf("text is not valid UTF-8 at byte %d: send it as UTF-8", e.Offset)
	}
	return fmt.Sprintf("text has the control character U+%04X at byte %d: remove it", e.Rune, e.Offset)
}

// NormalizeText returns s in Unicode normalization form C. It refuses, with a
// *TextError, invalid UTF-8 and every control character but the line feed: tab,
// carriage return, NUL, escape, the C1 range, and the marks that reorder or
// hide text (bidirectional embeddings and overrides, U+FEFF, line and paragraph
// separators). Zero-width joiners and soft hyphens stay, for scripts and
// typesetters need them.
func NormalizeText(s string) (string, error) {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return "", &TextError{Reason: TextInvalidUTF8, Offset: i, Rune: r}
			}
		}
		if isControl(r) {
			return "", &TextError{Reason: TextControlCharacter, Offset: i, Rune: r}
		}
	}
	return norm.NFC.String(s), nil
}

func isControl(r rune) bool {
	switch {
	case r == '\n':
		return false
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	}
	return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

// compose brings s into normalization form C.
func compose(s string) string { return norm.NFC.String(s) }
