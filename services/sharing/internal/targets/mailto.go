package targets

import (
	"strings"

	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// mailtoLimit is the length of a whole mailto URI in bytes. Common mail
// programs are started with a command line that holds about 2,000.
const mailtoLimit = 1900

// minSummary is the least room in encoded bytes that is worth a summary.
const minSummary = 60

// lineBreak is how a mailto URI breaks a line (RFC 6068, section 5).
const lineBreak = "%0D%0A"

// mailto puts the title into the subject, and the summary and the address into
// the body. The address is kept whole, then the title has first call on the
// room, then the summary.
func mailto(item Item, limit int) string {
	const head, middle = "mailto:?subject=", "&body="
	address := escape(item.URI) + lineBreak
	room := limit - len(head) - len(middle) - len(address)
	subject := escape(excerpt.Cut(item.Title, max(room, 0), encoded))

	var b strings.Builder
	b.WriteString(head + subject + middle)
	gap := 2 * len(lineBreak)
	if room -= len(subject) + gap; room >= minSummary {
		if summary := escape(excerpt.Cut(item.Summary, room, encoded)); summary != "" {
			b.WriteString(summary + lineBreak + lineBreak)
		}
	}
	b.WriteString(address)
	return b.String()
}

// encoded measures a text in bytes of its percent-encoding.
func encoded(text string) int { return len(escape(text)) }
