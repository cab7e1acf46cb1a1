package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxDateLength bounds what ParseDate looks at; no written date is longer.
const maxDateLength = 100

// Date is a day as somebody wrote it, before it is tied to a time zone.
type Date struct {
	Year   int // 0 when not written
	Month  time.Month
	Day    int
	Hour   int // 0 when not written
	Minute int
}

// Time returns the instant at which d begins in loc. year stands in when d has
// none. It returns a *DateError when the day does not exist in that year.
func (d Date) Time(year int, loc *time.Location) (time.Time, error) {
	if d.Year != 0 {
		year = d.Year
	}
	t := time.Date(year, d.Month, d.Day, d.Hour, d.Minute, 0, 0, loc)
	if !exists(year, d.Month, d.Day) {
		written := fmt.Sprintf("%04d-%02d-%02d", year, d.Month, d.Day)
		return time.Time{}, &DateError{Text: written, Reason: DateImpossible}
	}
	return t, nil
}

// DateReason says why a date was not understood.
type DateReason int

// Reasons of a DateError.
const (
	DateUnreadable DateReason = iota // not a form that the language writes
	DateAmbiguous                    // day and month could be swapped
	DateImpossible                   // no such day or hour
)

// DateError reports a text that ParseDate refuses.
type DateError struct {
	Text   string
	Reason DateReason
}

// Error says what to write instead.
func (e *DateError) Error() string {
	switch e.Reason {
	case DateAmbiguous:
		return fmt.Sprintf("date %q can be read in two ways: write it as year-month-day", e.Text)
	case DateImpossible:
		return fmt.Sprintf("date %q does not exist: check the day, month and hour", e.Text)
	case DateUnreadable:
	}
	return fmt.Sprintf("date %q is not understood: write it as year-month-day", e.Text)
}

// ParseDate reads a date as people write it in l: with the month as a word in
// any of its forms, also without diacritics or abbreviated, or as numbers with
// the year first; the time may follow. Any kind of space will do. Numbers with
// the day first are read only where the language writes them so; elsewhere they
// are refused rather than guessed. All errors are *DateError.
func ParseDate(s string, l *Language) (Date, error) {
	if len(s) > maxDateLength {
		return Date{}, &DateError{Text: s[:maxDateLength], Reason: DateUnreadable}
	}
	text := strings.ToLower(norm.NFC.String(s))
	day, clock := l.splitClock(text)
	date, reason, ok := l.parseNumeric(day)
	if !ok {
		date, ok = l.parseWords(day)
	}
	if ok && reason == DateUnreadable && !date.setClock(clock) {
		reason, ok = DateImpossible, false
	}
	if !ok || reason != DateUnreadable {
		return Date{}, &DateError{Text: s, Reason: reason}
	}
	year := date.Year
	if year == 0 {
		year = 2000 // a leap year: 29 February may be meant
	}
	if !exists(year, date.Month, date.Day) {
		return Date{}, &DateError{Text: s, Reason: DateImpossible}
	}
	return date, nil
}

// splitClock cuts a time such as "09:05" or "kl. 9.05" off the end of s.
func (l *Language) splitClock(s string) (day, clock string) {
	s = l.trimFillers(s)
	cut := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 't' })
	last := s[cut+1:]
	hour, minute, found := strings.Cut(last, ":")
	if !found {
		hour, minute, found = strings.Cut(last, ".")
		found = found && len(minute) == 2
	}
	if cut <= 0 || !found || len(hour) > 2 || !isDigits(hour) || minute == "" {
		return s, ""
	}
	return l.trimFillers(s[:cut]), last
}

// trimFillers cuts spaces, punctuation and words without meaning off the end.
func (l *Language) trimFillers(s string) string {
	for {
		s = strings.TrimRightFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == ',' || r == '.' })
		cut := strings.LastIndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
		if cut < 0 || !l.parser.ignored[l.foldWord(s[cut:])] {
			return s
		}
		_, size := utf8.DecodeRuneInString(s[cut:])
		s = s[:cut+size]
	}
}

// setClock reads what splitClock cut off; it reports false for no hour of a day.
func (d *Date) setClock(clock string) bool {
	if clock == "" {
		return true
	}
	parts := strings.FieldsFunc(clock, func(r rune) bool { return r == ':' || r == '.' })
	if len(parts) < 2 || len(parts) > 3 {
		return false
	}
	limits := []int{24, 60, 60}
	numbers := make([]int, len(parts))
	for i, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n >= limits[i] {
			return false
		}
		numbers[i] = n
	}
	d.Hour, d.Minute = numbers[0], numbers[1]
	return true
}

// exists reports whether the calendar has that day.
func exists(year int, month time.Month, day int) bool {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return year >= 1 && year <= 9999 && t.Month() == month && t.Day() == day
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
