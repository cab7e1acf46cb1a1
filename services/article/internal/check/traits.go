package check

import (
	"unicode"
	"unicode/utf8"
)

// traits are what one look at the bytes of a text says of it, so that most
// rules need no look at most texts: a check runs at every save.
type traits uint16

const (
	hasDoubleSpace traits = 1 << iota
	hasInvisible          // no-break and zero-width spaces, soft hyphens
	hasQuote              // a quotation mark of any kind
	hasDash               // an en dash or an em dash
	hasHyphen
	hasGluedDot // a full stop with a letter right after it
	hasDots     // one after another
	hasDigit
	hasGluedUnit // a digit with a letter or a sign right after it
	hasCapitals  // two side by side
)

// traitsOf looks at each byte once.
func traitsOf(text string) traits {
	var t traits
	var before byte
	capital := false // whether the letter before is one
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b >= 'a' && b <= 'z' {
			t |= glued(before)
			before, capital = b, false
			continue
		}
		isCapital := false
		switch {
		case b == ' ':
			if before == ' ' {
				t |= hasDoubleSpace
			}
		case b >= 'A' && b <= 'Z':
			isCapital = true
			t |= glued(before)
		case b >= '0' && b <= '9':
			t |= hasDigit
		case b < utf8.RuneSelf:
			t |= punctuation(b, before)
		case b >= 0xc0:
			r, size := utf8.DecodeRuneInString(text[i:])
			isCapital = isUpper(r)
			t |= special(r, before)
			i += size - 1
		}
		if capital && isCapital {
			t |= hasCapitals
		}
		before, capital = b, isCapital
	}
	return t
}

// glued is for a letter after the byte before.
func glued(before byte) traits {
	switch {
	case before == '.':
		return hasGluedDot
	case before >= '0' && before <= '9':
		return hasGluedUnit
	}
	return 0
}

// special is for what is not ASCII.
func special(r rune, before byte) traits {
	switch {
	case r >= 0xc0 && r < 0x2000:
		return glued(before)
	case r == '\u00a0' || r == '\u00ad' || r == '\u200b':
		return hasInvisible
	case r >= '“' && r <= '‟', r == '«', r == '»':
		return hasQuote
	case r == '–' || r == '—':
		return hasDash
	case r == '€' || r == '°':
		return glued(before) & hasGluedUnit
	}
	return 0
}

func punctuation(b, before byte) traits {
	switch b {
	case '-':
		return hasHyphen
	case '.':
		if before == b {
			return hasDots
		}
	case '%':
		return glued(before) & hasGluedUnit
	case '"':
		return hasQuote
	case '\'', ',', '<', '>':
		if before == b {
			return hasQuote
		}
	}
	return 0
}

// isUpper is unicode.IsUpper, quick for the letters of Lithuanian.
func isUpper(r rune) bool {
	switch {
	case r < 0x100 || r > 0x17f:
		return unicode.IsUpper(r)
	case r >= 0x139 && r <= 0x148, r >= 0x179:
		return r&1 == 1 && r != 0x17f
	}
	return r&1 == 0 && r != 0x138
}
