// Package targets knows where an article can be shared to and makes the links.
//
// A target is a row of the table in [All]; its words are the messages
// "share.<id>.name", ".label" and ".disclosure" of internal/lang. A link
// carries the title and the address of the article and nothing about the
// reader; no script and no picture of the target is needed to follow it.
package targets

import (
	"net/url"
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// Item is what is shared.
type Item struct {
	// Title is the title of the article, a single line.
	Title string
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

	link func(item Item, words *lang.Language, limit int) string
}

// All returns the targets in the order to show them.
func All() []Target {
	return []Target{
		{ID: "facebook", link: facebook},
		{ID: "x", Limit: xLimit, link: x},
		{ID: "email", Limit: mailtoLimit, link: mailto},
	}
}

// Link returns the link that shares the item in words of a language, with the
// scheme https or mailto. The address in it is always whole; texts are
// shortened to the limit.
func (t Target) Link(item Item, words *lang.Language) string {
	return t.link(item, words, t.Limit)
}

// Title returns the name of the target.
func (t Target) Title(words *lang.Language) string { return t.message(words, "name") }

// Label returns the accessible name: the name, so that who speaks what can be
// seen reaches the link (WCAG 2.2, 2.5.3), and what pressing does.
func (t Target) Label(words *lang.Language) string {
	return t.Title(words) + ": " + t.message(words, "label")
}

// Disclosure returns who learns what from pressing.
func (t Target) Disclosure(words *lang.Language) string { return t.message(words, "disclosure") }

// Heading returns what stands above the links.
func Heading(words *lang.Language) string { return words.Message("share.heading") }

func (t Target) message(words *lang.Language, part string) string {
	return words.Message("share." + t.ID + "." + part)
}

// facebook takes everything but the address from the page itself.
func facebook(item Item, _ *lang.Language, _ int) string {
	return "https://www.facebook.com/sharer/sharer.php?u=" + escape(item.URI)
}

// x gives text and address apart, so that the address stays a link however
// the text ends.
func x(item Item, words *lang.Language, limit int) string {
	compose := func(title string) string { return words.Message("share.text", "title", title) }
	title := excerpt.Cut(item.Title, limit-xAddress-1, func(title string) int { return xWeight(compose(title)) })
	return "https://x.com/intent/tweet?text=" + escape(compose(title)) + "&url=" + escape(item.URI)
}

// escape percent-encodes a value so that every program reads it alike: mail
// programs take a plus for itself, not for a space.
func escape(value string) string {
	return strings.ReplaceAll(url.QueryEscape(value), "+", "%20")
}
