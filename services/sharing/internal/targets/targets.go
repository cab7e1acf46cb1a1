// Package targets knows where an article can be shared to and makes the links.
//
// A target is a row of a table: [Table] has the built-in ones, a site may add
// its own. A row says how the link is written, how much it holds and how that
// is counted, whom pressing it tells what, and whether it needs an app. Its
// words are the messages "share.<id>.name", ".label" and ".disclosure" of
// internal/lang.
//
// A link carries the address of the article, always whole, and where there is
// room its title, lead and the name of the site; nothing about the reader. No
// script and no picture of the target is needed to follow it.
package targets

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/shortcode"
)

// Kind says what pressing a target does.
type Kind int

const (
	// KindLink opens the link.
	KindLink Kind = iota
	// KindCopy puts the address on the clipboard.
	KindCopy
	// KindPrint opens the sheet to print.
	KindPrint
	// KindQR shows the address as a QR code.
	KindQR
	// KindDevice opens the device's own dialogue.
	KindDevice
)

// Exposure says when somebody else learns something.
type Exposure int

const (
	// ExposureNone is never.
	ExposureNone Exposure = iota
	// ExposurePress is as soon as it is pressed: the recipient learns the
	// address and the program of the reader, and which article it is.
	ExposurePress
	// ExposureSend is when the reader sends what an app has prepared.
	ExposureSend
)

// Target is one way to share.
type Target struct {
	// ID is stable: `facebook`. That of a site's own target is the site's.
	ID string
	// Kind says what pressing it does.
	Kind Kind
	// Recipient is who learns of it, a name for people; empty when nobody does
	// or it is whomever the reader chooses.
	Recipient string
	// Exposure says when the recipient learns of it.
	Exposure Exposure
	// NeedsApp is set when nothing happens without an app on the device.
	NeedsApp bool
	// Icon is an SVG element, see icons.go.
	Icon string

	template string // of the link
	app      string // of the link that opens the app on a phone; may be empty
	layout   []part // of {text}
	limit    limit
	own      *Own
}

// Item is what is shared.
type Item struct {
	// Title is the title of the article, Lead what it begins with, Site the name
	// of the site. Lead and Site may be empty.
	Title, Lead, Site string
	// URI is the address of the article, absolute.
	URI string
	// Short is its short address without a suffix; empty when it has none.
	Short string
	// Image is the address of its picture, absolute; empty when it has none.
	Image string
	// Sheet is the address of its sheet to print, and Code that of its QR code;
	// empty when there are none.
	Sheet, Code string
	// FacebookAppID is the site's; empty when it has none.
	FacebookAppID string
}

// Address returns the address that a target passes on: the short one, with
// where it was shared, or else the address of the article.
func (t Target) Address(item Item) string {
	if item.Short == "" {
		return item.URI
	}
	return item.Short + shortcode.Suffix(t.Source())
}

// Source returns the source of clicks on what the target passes on, as package
// shortcode names it.
func (t Target) Source() string {
	if t.own != nil {
		return shortcode.OwnSource
	}
	return t.ID
}

// Offered reports whether the target can do something with the item: Messenger
// needs the site's app id, Pinterest a picture.
func (t Target) Offered(item Item) bool {
	switch {
	case strings.Contains(t.template, "{app_id}"):
		return item.FacebookAppID != ""
	case strings.Contains(t.template, "{image}"):
		return item.Image != ""
	case t.Kind == KindPrint:
		return item.Sheet != ""
	case t.Kind == KindQR:
		return item.Code != ""
	}
	return true
}

// Host returns the host that pressing opens; empty for one that opens none.
func (t Target) Host() string {
	rest, ok := strings.CutPrefix(t.template, "https://")
	if !ok {
		return ""
	}
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return strings.TrimPrefix(rest, "www.")
}
