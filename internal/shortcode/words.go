package shortcode

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
)

const (
	// MinWords and MaxWords bound the length of words.
	MinWords, MaxWords = 4, 40
)

// CheckWords says why words cannot be the address of a link: INVALID_FIELD for
// the field, with what to choose instead. It returns nil for 4 to 40 of
// [a-z0-9-] that neither begin nor end with a hyphen nor have two in a row, are
// not eight characters that could be read as a code, and are not reserved.
func CheckWords(field, words string) error {
	switch {
	case len(words) < MinWords || len(words) > MaxWords:
		return fault.InvalidField(field, "the words have %d characters; choose %d to %d, such as vasaros-skaitymai",
			len(words), MinWords, MaxWords)
	case !isWordsText(words):
		return fault.InvalidField(field, "words are made of a-z, 0-9 and hyphens; write them without spaces, capitals "+
			"and accents, such as vasaros-skaitymai")
	case strings.HasPrefix(words, "-") || strings.HasSuffix(words, "-") || strings.Contains(words, "--"):
		return fault.InvalidField(field, "put single hyphens between words, none at the ends")
	}
	if _, ok := readable(words); ok {
		return fault.InvalidField(field, "%q can be read as a code that belongs to an article; add or leave out "+
			"a character, or put in a hyphen", words)
	}
	if isReserved(words) {
		return fault.InvalidField(field, "%q is kept for the suite itself; choose other words", words)
	}
	return nil
}

// isWords reports whether text has the form of words. Reserved ones have it
// too: no link has them.
func isWords(text string) bool {
	return len(text) >= MinWords && len(text) <= MaxWords && isWordsText(text) &&
		text[0] != '-' && text[len(text)-1] != '-' && !strings.Contains(text, "--")
}

func isWordsText(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isLower(c) && !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}

// isReserved reports whether words may be needed beside the codes one day, or
// would make a reader expect something else than an article.
func isReserved(words string) bool {
	switch words {
	case "about", "account", "admin", "apie", "assets", "download", "favicon", "feed", "feeds", "health", "help",
		"index", "login", "logout", "media", "null", "pagalba", "password", "preview", "print", "prisijungti",
		"robots", "search", "share", "sitemap", "static", "stats", "undefined", "well-known":
		return true
	}
	return false
}
