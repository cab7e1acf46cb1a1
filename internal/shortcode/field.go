package shortcode

import "strings"

// GF(32) is the polynomials over GF(2) modulo x^5 + x^2 + 1, which is
// primitive: the powers of x are the 31 elements other than 0. A code is right
// when the polynomial whose coefficients are its characters has the root x.
// The character at place i then has the weight x^(7-i). The weights differ, and
// none is 0: changing one character by d changes the sum by d times its weight,
// and swapping two changes it by their difference times that of the weights;
// neither can be 0.

// order is the number of elements other than 0.
const order = 31

// add is addition, and subtraction.
func add(a, b byte) byte { return a ^ b }

// times is a times x.
func times(a byte) byte {
	a <<= 1
	if a&32 != 0 {
		a ^= 0b100101
	}
	return a
}

// root returns the value of the polynomial of the characters at x, which is 0
// for a code. The characters are of the alphabet.
func root[T string | []byte](code T) byte {
	var sum byte
	for i := range len(code) {
		sum = add(times(sum), value(code[i]))
	}
	return sum
}

// repair returns by how much the character at a place must change when the sum
// of the code is to become 0: sum divided by the weight of the place.
func repair(sum byte, place int) byte {
	// Dividing by x^n is multiplying by x^(31-n).
	for range order - (Length - 1 - place) {
		sum = times(sum)
	}
	return sum
}

// value returns the value of a character of the alphabet.
func value(c byte) byte {
	return byte(strings.IndexByte(alphabet, c)) //nolint:gosec // G115: below 32
}
