// Package targets knows where an article can be shared to and makes the links.
//
// A target is a row of the table in [All]: adding one means adding a row and
// its words to each file of texts/. A link carries the title and the address of
// the article and nothing about the reader; no script and no picture of the
// target is needed to follow it.
package targets

import (
	"net/url"
	"strings"

	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// Item is what is shared. The texts are single lines.
type Item struct {
	// Title is the title of the article.
	Title string
	// Summary is its lead; may be empty.
	Summary string
	// URI is its address.
	URI string
}

// Target is one place to share to.
type Target struct {
	// ID is stable: `facebook`.
	ID string
	// Limit is how much the target holds, in the unit of its link; 0 when it
	// takes the address only.
	Limit int

	link func(item Item, limit int) string
}

// Link returns the link that shares the item, with the scheme https or mailto.
// The address in it is always whole; texts are shortened to the limit.
func (t Target) Link(item Item) string { return t.link(item, t.Limit) }

// All returns the targets in the order to show them.
func All() []Target {
	return []Target{
		{ID: "facebook", link: facebook},
		{ID: "x", Limit: xLimit, link: x},
		{ID: "email", Limit: mailtoLimit, link: mailto},
	}
}

// facebook takes everything but the address from the page itself.
func facebook(item Item, _ int) string {
	return "https://www.facebook.com/sharer/sharer.php?u=" + escape(item.URI)
}

// x gives text and address apart, so that the address stays a link however
// the text ends.
func x(item Item, limit int) string {
	text := excerpt.Cut(item.Title, limit-xAddress-1, xWeight)
	return "https://x.com/intent/tweet?text=" + escape(text) + "&url=" + escape(item.URI)
}

// escape percent-encodes a value so that every program reads it alike: mail
// programs take a plus for itself, not for a space.
func escape(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}
