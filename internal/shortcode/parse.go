package shortcode

import "strings"

// Kind says what the segment of a path can be.
type Kind int

const (
	// KindOther is neither a code nor words, but perhaps a mistyped code.
	KindOther Kind = iota
	// KindCode has the form and the check of a code.
	KindCode
	// KindWords has the form of words that an editor may have chosen.
	KindWords
)

// Segment is a short address taken apart.
type Segment struct {
	// ID is the id of the link that is asked for, in the one form in which links
	// are kept; for KindOther it is what was typed, in lower case.
	ID string
	// Kind says what ID can be.
	Kind Kind
	// Source is the id of the source that the suffix names, empty without a
	// suffix and with one that the table does not have.
	Source string
}

// maxTyped bounds what is looked at: 40 letters of words, a dot and a suffix.
const maxTyped = MaxWords + 1 + maxSuffix

// maxSuffix bounds a suffix that the table does not have.
const maxSuffix = 4

// Parse reads the segment of a path after `/s/`, percent-decoded, in upper or
// lower case: a code or words, and a suffix after a dot. A suffix that is not
// in the table is passed over, for it says nothing about where to go; so is a
// dot alone, which ends a sentence in which the address stood.
//
// It reports false where the text can be no short address, nor a mistyped one:
// it is empty, too long, or has characters other than printable ASCII or
// Lithuanian letters. What is not ASCII is never read as a character of a code.
func Parse(segment string) (Segment, bool) {
	if len(segment) == 0 || len(segment) > maxTyped {
		return Segment{}, false
	}
	body, suffix, dotted := strings.Cut(segment, ".")
	if dotted && !isSuffix(suffix) {
		return Segment{}, false
	}
	body = joined(body)
	parsed := Segment{Source: source(suffix)}
	if code, ok := readable(body); ok {
		parsed.ID = code
		if Valid(code) {
			parsed.Kind = KindCode
		}
		return parsed, true
	}
	parsed.ID = lower(body)
	switch {
	case isWords(parsed.ID):
		parsed.Kind = KindWords
		return parsed, true
	case mayBeMistyped(parsed.ID):
		return parsed, true
	}
	return Segment{}, false
}

// joined returns what was typed without the gap between the two groups in which
// a code is printed: `3f7k 2m9q`. No words have a space or a plus.
func joined(body string) string {
	const group = Length / 2
	if len(body) == Length+1 && (body[group] == ' ' || body[group] == '+') {
		return body[:group] + body[group+1:]
	}
	return body
}

// isSuffix reports whether text can follow the dot.
func isSuffix(text string) bool {
	if len(text) > maxSuffix {
		return false
	}
	for i := range len(text) {
		if c := text[i]; !isLower(c|0x20) && !isDigit(c) {
			return false
		}
	}
	return true
}

// lower returns text with its ASCII letters in lower case, and no other: some
// characters of Unicode have an ASCII letter as their lower case.
func lower(text string) string {
	small := []byte(text)
	for i, c := range small {
		if 'A' <= c && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return string(small)
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
