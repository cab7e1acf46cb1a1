package lang

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// dateWords are the words of dates in the shape the parser compares: lower
// case, folded to ASCII letters.
type dateWords struct {
	months  map[string]time.Month
	ignored map[string]bool
}

func (l *Language) dateWords() dateWords {
	words := dateWords{months: map[string]time.Month{}, ignored: map[string]bool{}}
	for _, names := range [][]string{l.dates.Months, l.dates.Standalone, l.dates.Abbrs} {
		for i, name := range names {
			words.months[l.foldWord(name)] = time.Month(i + 1)
		}
	}
	for _, list := range [][]string{l.dates.Fillers, l.dates.Weekdays} {
		for _, word := range list {
			words.ignored[l.foldWord(word)] = true
		}
	}
	return words
}

// parseNumeric reads three numbers with one kind of separator. ok is false when
// s has another shape; a reason other than DateUnreadable refuses s for good.
func (l *Language) parseNumeric(s string) (date Date, reason DateReason, ok bool) {
	s = l.skipFillers(strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '.' || r == ',' }))
	var separators []rune
	parts := strings.FieldsFunc(s, func(r rune) bool {
		separator := unicode.IsSpace(r) || strings.ContainsRune("-./\u2010\u2011", r)
		if separator {
			separators = append(separators, r)
		}
		return separator
	})
	if len(parts) != 3 || !slices.Equal(slices.Compact(separators), separators[:1]) && !spaced(separators) {
		return Date{}, DateUnreadable, false
	}
	numbers := [3]int{}
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || !isDigits(part) || len(part) > 4 {
			return Date{}, DateUnreadable, false
		}
		numbers[i] = n
	}
	switch {
	case len(parts[0]) == 4 && len(parts[1]) <= 2 && len(parts[2]) <= 2:
		return Date{Year: numbers[0], Month: time.Month(numbers[1]), Day: numbers[2]}, DateUnreadable, true
	case len(parts[2]) == 4 && strings.ContainsRune(l.dates.DayFirst, separators[0]):
		return Date{Year: numbers[2], Month: time.Month(numbers[1]), Day: numbers[0]}, DateUnreadable, true
	default:
		return Date{}, DateAmbiguous, true
	}
}

// skipFillers cuts words without meaning, such as the day of the week, off the
// beginning when a number follows them.
func (l *Language) skipFillers(s string) string {
	first := strings.IndexFunc(s, unicode.IsDigit)
	if first <= 0 {
		return s
	}
	for word := range strings.FieldsSeq(s[:first]) {
		if !l.parser.ignored[l.foldWord(word)] {
			return s
		}
	}
	return s[first:]
}

// spaced reports that every separator is some kind of space.
func spaced(separators []rune) bool {
	return !slices.ContainsFunc(separators, func(r rune) bool { return !unicode.IsSpace(r) })
}

// parseWords reads a month written as a word, a day and perhaps a year, in any
// order; the number of four digits is the year.
func (l *Language) parseWords(s string) (date Date, ok bool) {
	for _, token := range dateTokens(s) {
		n, err := strconv.Atoi(token)
		switch {
		case err != nil:
			word := l.foldWord(token)
			month, known := l.parser.months[word]
			if known && date.Month == 0 {
				date.Month = month
			} else if known || !l.parser.ignored[word] {
				return Date{}, false
			}
		case len(token) == 4 && date.Year == 0:
			date.Year = n
		case len(token) <= 2 && date.Day == 0:
			date.Day = n
		default:
			return Date{}, false
		}
	}
	if date.Month == 0 || date.Day == 0 {
		return Date{}, false
	}
	return date, true
}

// dateTokens splits s into runs of digits and runs of letters, so that "7th",
// "7." and "7d." give the number first.
func dateTokens(s string) []string {
	var tokens []string
	kind := 0
	for _, r := range s {
		next := 0
		switch {
		case '0' <= r && r <= '9':
			next = 1
		case unicode.IsLetter(r), unicode.IsMark(r):
			next = 2
		case !unicode.IsSpace(r) && !strings.ContainsRune(".,", r):
			next = 3 // kept, so that it makes the date unreadable
		}
		if next != 0 && next == kind {
			tokens[len(tokens)-1] += string(r)
		} else if next != 0 {
			tokens = append(tokens, string(r))
		}
		kind = next
	}
	return tokens
}
