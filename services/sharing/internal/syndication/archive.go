package syndication

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Archive names an archive document: the articles of one calendar month in the
// zone of the site or, where there are more than MaxItems, one part of them.
// Parts are numbered from 1 and filled in the order of publishing, so that what
// is published next changes none of them. The zero Archive is none.
type Archive struct {
	Year  int
	Month time.Month
	Part  int
}

// ParseArchive reads the form that String writes.
func ParseArchive(text string) (Archive, bool) {
	const form = "2006-01"
	month, part := text, 1
	if len(text) > len(form) {
		digits, ok := strings.CutPrefix(text[len(form):], "-")
		number, err := strconv.Atoi(digits)
		if !ok || err != nil || number < 2 || number > 999_999 {
			return Archive{}, false
		}
		month, part = text[:len(form)], number
	}
	t, err := time.Parse(form, month)
	if err != nil || t.Year() < 1 {
		return Archive{}, false
	}
	archive := Archive{Year: t.Year(), Month: t.Month(), Part: part}
	return archive, archive.String() == text
}

// String returns "2024-06" for the first part of a month and "2024-06-2" for
// the second; empty for none.
func (a Archive) String() string {
	switch {
	case a.IsZero():
		return ""
	case a.Part <= 1:
		return fmt.Sprintf("%04d-%02d", a.Year, int(a.Month))
	}
	return fmt.Sprintf("%04d-%02d-%d", a.Year, int(a.Month), a.Part)
}

// IsZero reports whether it is none.
func (a Archive) IsZero() bool { return a == Archive{} }
