package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// noBreak is the no-break space.
const noBreak = "\u00a0"

// spaceWords are the lists of typography.yaml, ready to look up.
type spaceWords struct {
	afterNumber, beforeNumber map[string]bool
	together                  map[[2]string]bool
}

func (l *Language) spaceWords() spaceWords {
	words := spaceWords{map[string]bool{}, map[string]bool{}, map[[2]string]bool{}}
	for _, word := range l.typography.AfterNumber {
		words.afterNumber[word] = true
	}
	for _, word := range l.typography.BeforeNumber {
		words.beforeNumber[strings.ToLower(word)] = true
	}
	for _, phrase := range l.typography.Together {
		parts := strings.Fields(strings.ToLower(phrase))
		for i := 1; i < len(parts); i++ {
			words.together[[2]string{parts[i-1], parts[i]}] = true
		}
	}
	return words
}

// Spaces replaces spaces that must not end a line by no-break spaces: between a
// number and its unit, inside abbreviations, after initials, before a dash. It
// is for rendering; stored texts keep the plain space. Only single spaces
// between words change, so addresses and codes stay as they are. Applying it
// twice is the same as once.
func (l *Language) Spaces(text string) string {
	words := strings.FieldsFunc(text, isPlainSpace)
	if len(words) < 2 {
		return text
	}
	var out strings.Builder
	rest := text
	for i, word := range words {
		start := strings.Index(rest, word)
		gap := rest[:start]
		if gap == " " && i > 0 && l.keepTogether(words[i-1], word, next(words, i)) {
			gap = noBreak
		}
		out.WriteString(gap)
		out.WriteString(word)
		rest = rest[start+len(word):]
	}
	out.WriteString(rest)
	return out.String()
}

// isPlainSpace also takes what Spaces itself puts in, so that a second run sees
// the same words.
func isPlainSpace(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\n' }

func next(words []string, i int) string {
	if i+1 < len(words) {
		return words[i+1]
	}
	return ""
}

// keepTogether reports whether a line must not break between a and b; after is
// the word behind b.
func (l *Language) keepTogether(a, b, after string) bool {
	left := strings.TrimLeftFunc(a, isOpening)
	right := strings.TrimRightFunc(b, isClosing)
	switch {
	case b == "–":
		return true
	case l.spaces.together[[2]string{strings.ToLower(left), strings.ToLower(right)}]:
		return true
	case endsInNumber(left) && l.spaces.afterNumber[right]:
		return true
	case startsWithDigit(b) && l.spaces.beforeNumber[strings.ToLower(left)]:
		return true
	case isThousands(left) && len(right) == 3 && isDigits(right) && l.spaces.afterNumber[strings.TrimRightFunc(after, isClosing)]:
		return true
	}
	return isInitial(left) && (isInitial(right) || isName(right))
}

func isOpening(r rune) bool { return strings.ContainsRune("(„“«»[\"", r) }

func isClosing(r rune) bool { return strings.ContainsRune(")“”«»],;:!?\"", r) }

func isThousands(s string) bool { return len(s) <= 3 && isDigits(s) }

// endsInNumber takes "7", "12,5", "2–4" and "12.30", not "Dokk1" or an address.
func endsInNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789.,:–-+") == "" && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// isInitial takes one capital letter and a full stop.
func isInitial(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) && s[size:] == "."
}

// isName takes a word of a capital and at least one small letter.
func isName(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[size:])
	return unicode.IsUpper(r) && unicode.IsLower(second)
}
