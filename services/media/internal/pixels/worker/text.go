package worker

import (
	"strings"
	"unicode"
)

const (
	// maxDetail bounds what an error tells the log, in bytes.
	maxDetail = 400
	// maxText bounds what a photo says of itself, in bytes.
	maxText = 500
)

// clean makes foreign text fit for a record: valid UTF-8 on one line without
// control characters, trimmed, at most limit bytes.
func clean(text string, limit int) string {
	text = strings.ToValidUTF8(text, "�")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
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
