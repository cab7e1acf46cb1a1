// Package shortcode is the grammar of short addresses, `/s/{code}`: what a code
// is, how a code that was typed by hand is read, what was probably meant by one
// that is wrong, which words an editor may choose instead, and the suffix that
// says where a link was shared.
//
// A code is [Length] characters of Crockford's 32, which leave out i, l, o and
// u. The last one is a check: a polynomial over GF(32), so that no single wrong
// character and no swap of two neighbors gives another code. Codes are random
// and say nothing about what they lead to.
//
// The package knows no links; whether a code leads anywhere is for the sharing
// service to say.
package shortcode

import (
	"fmt"
	"io"
	"strings"
)

// Length is the number of characters of a code, the check among them.
const Length = 8

// alphabet are the characters by their value in GF(32).
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// NewCode returns a code made of 35 bits of random, which is crypto/rand.Reader
// but in tests. It fails when random does.
func NewCode(random io.Reader) (string, error) {
	var bits [Length - 1]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", fmt.Errorf("read random bits: %w", err)
	}
	code := make([]byte, Length)
	var sum byte
	for i, b := range bits {
		value := b & 31
		code[i] = alphabet[value]
		sum = add(times(sum), value)
	}
	code[Length-1] = alphabet[times(sum)]
	return string(code), nil
}

// Valid reports whether code is a code in its one written form, lower case,
// with the right check.
func Valid(code string) bool {
	if len(code) != Length {
		return false
	}
	for i := range Length {
		if strings.IndexByte(alphabet, code[i]) < 0 {
			return false
		}
	}
	return root(code) == 0
}

// fold returns the character of the alphabet that somebody who typed c meant:
// in lower case, with the look-alikes o for 0, i and l for 1. It returns 0
// where c is not of the alphabet.
func fold(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	switch c {
	case 'o':
		return '0'
	case 'i', 'l':
		return '1'
	}
	if strings.IndexByte(alphabet, c) < 0 {
		return 0
	}
	return c
}

// readable returns what a text of Length characters of the alphabet or their
// look-alikes says as a code, whether or not its check is right.
func readable(text string) (string, bool) {
	if len(text) != Length {
		return "", false
	}
	same := true
	for i := range Length {
		c := fold(text[i])
		if c == 0 {
			return "", false
		}
		same = same && c == text[i]
	}
	if same {
		return text, true
	}
	code := make([]byte, Length)
	for i := range Length {
		code[i] = fold(text[i])
	}
	return string(code), true
}
