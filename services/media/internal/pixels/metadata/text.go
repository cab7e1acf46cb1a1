package metadata

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Clean makes foreign text fit for a record: valid UTF-8 on one line without
// control characters, nor those that turn the direction of what follows,
// trimmed, at most limit bytes.
func Clean(text string, limit int) string {
	text = strings.ToValidUTF8(text, "�")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if len(text) > limit {
		// The cut may have gone through a character.
		text = strings.TrimSpace(strings.ToValidUTF8(text[:limit], ""))
	}
	return text
}

// first returns the first text that is not blank. Of one property in several
// languages that is the default one, which XMP puts first.
func first(limit int, sources ...[]string) string {
	for _, text := range slices.Concat(sources...) {
		if text = Clean(text, limit); text != "" {
			return text
		}
	}
	return ""
}

// joined names all of several people.
func joined(names []string) string { return Clean(strings.Join(entries(names), ", "), MaxText) }

// entries returns the first list that says anything, each entry once.
func entries(sources ...[]string) []string {
	for _, list := range sources {
		var kept []string
		for _, text := range list {
			text = Clean(text, MaxEntry)
			if text != "" && len(kept) < MaxEntries && !slices.Contains(kept, text) {
				kept = append(kept, text)
			}
		}
		if len(kept) > 0 {
			return kept
		}
	}
	return nil
}

// address accepts what can be linked to.
func address(texts []string) string {
	text := first(MaxText, texts)
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.ContainsAny(text, ` "<>`) {
		return ""
	}
	return text
}

// captureTime reads the clock of EXIF, in its zone if it says one, or else the
// date of XMP. It is in UTC; a year that no calendar of ours can write is
// dropped, as is a clock that was never set.
func captureTime(clock, zone, date string) time.Time {
	for _, c := range []struct{ layout, text string }{
		{"2006:01:02 15:04:05-07:00", clock + zone},
		{"2006:01:02 15:04:05Z", clock + zone},
		{"2006:01:02 15:04:05", clock},
		{time.RFC3339, date},
		{"2006-01-02T15:04:05", date},
		{"2006-01-02T15:04Z07:00", date},
		{"2006-01-02T15:04", date},
		{time.DateOnly, date},
	} {
		t, err := time.Parse(c.layout, c.text)
		if t = t.UTC(); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t
		}
	}
	return time.Time{}
}

// mended undoes the reading of UTF-8 as ISO 8859-1, which befalls IPTC that
// does not say what it is written in.
func mended(text string) string {
	raw := make([]byte, 0, len(text))
	for _, r := range text {
		if r > 0xff {
			return text
		}
		raw = append(raw, byte(r)) //nolint:gosec // at most 0xff
	}
	if !utf8.Valid(raw) {
		return text
	}
	return cmp.Or(string(raw), text)
}
