package terms

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

const softHyphen = "\u00AD"

// Token is where a word stands in a text, in bytes.
type Token struct{ Start, End int }

// Words cuts a text into words: runs of letters, digits and the marks on them,
// with apostrophes inside. A hyphen parts two words.
func Words(text string) iter.Seq[Token] {
	return func(yield func(Token) bool) {
		for at := 0; at < len(text); {
			r, size := utf8.DecodeRuneInString(text[at:])
			if !inWord(r) {
				at += size
				continue
			}
			end := wordEnd(text, at+size)
			if !yield(Token{at, end}) {
				return
			}
			at = end
		}
	}
}

func wordEnd(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if apostrophe(r) {
			next, more := utf8.DecodeRuneInString(text[at+size:])
			if !inWord(next) {
				return at
			}
			size += more
		} else if !inWord(r) && r != '\u00AD' {
			return at
		}
		at += size
	}
	return at
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }
