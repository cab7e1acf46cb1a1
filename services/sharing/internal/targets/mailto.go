package targets

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// mailtoLimit is the length of a whole mailto URI in bytes. Common mail
// programs are started with a command line that holds about 2,000.
const mailtoLimit = 1900

// mailto puts the title into subject and body and the address into the body.
// The title is shortened until the whole URI fits; a letter with a diacritic
// takes six bytes of it, twice.
func mailto(item Item, words *lang.Language, limit int) string {
	compose := func(title string) string {
		subject := words.Message("share.email.subject", "title", title)
		body := words.Message("share.email.body", "title", title, "url", item.URI)
		return "mailto:?subject=" + escape(subject) + "&body=" + escape(crlf(body))
	}
	return compose(excerpt.Cut(item.Title, limit, func(title string) int { return len(compose(title)) }))
}

// crlf ends lines as mail does (RFC 6068, section 5).
func crlf(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
