// Package syndication makes feeds of published articles: RSS 2.0, Atom
// (RFC 4287) and JSON Feed 1.1, each as a current document of the newest
// articles and as archive documents of older ones (RFC 5005, section 4).
//
// A document is a pure function of the articles: the same articles give the
// same bytes, so that its etag changes only with what readers see. Items are
// known by the uid of their article, never by its address.
package syndication

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

const (
	// MaxItems is how many articles a document holds at most.
	MaxItems = 50
	// maxContent is how many bytes the bodies in a document may have together.
	// What is over is left out from the oldest item on, which then has its
	// summary only, so that a document always fits into one message.
	maxContent = 6 << 20
)

// Format is the format of a feed.
type Format int

// The formats, of which each stands at an address of its own.
const (
	FormatRSS Format = iota
	FormatAtom
	FormatJSON
)

// Feed is what a document is made of.
type Feed struct {
	// Site is whose feed it is.
	Site published.Site
	// Language is the language (BCP 47) of the articles.
	Language string
	// Tag is what all articles are tagged with; empty for a feed of all.
	Tag string
	// Archive names the document; zero for the current one.
	Archive Archive
	// Previous and Next are the archive documents before and after this one;
	// zero when there is none. The current document has none after it.
	Previous, Next Archive
	// Hubs are the addresses of the WebSub hubs that tell of changes.
	Hubs []string
	// Articles are complete with their bodies, newest first. Only the first
	// MaxItems are used.
	Articles []published.Article
}

// Document is a feed, ready to be sent.
type Document struct {
	// MIMEType is its media type.
	MIMEType string
	// Bytes are the document.
	Bytes []byte
	// Etag stands for exactly these bytes.
	Etag string
	// URI is its own address.
	URI string
	// Hubs are those of the feed.
	Hubs []string
}

// Render returns the feed in a format.
func Render(feed Feed, format Format) (Document, error) {
	feed.Articles = feed.Articles[:min(len(feed.Articles), MaxItems)]
	var data []byte
	var err error
	switch format {
	case FormatRSS:
		data, err = encodeXML(rssOf(feed))
	case FormatAtom:
		data, err = encodeXML(atomOf(feed))
	case FormatJSON:
		data, err = encodeJSON(jsonOf(feed))
	default:
		err = fmt.Errorf("there is no format %d", format)
	}
	if err != nil {
		return Document{}, fmt.Errorf("encode the feed of %s: %w", feed.Site.Resource.GetName(), err)
	}
	sum := sha256.Sum256(data)
	return Document{
		MIMEType: format.mimeType() + "; charset=utf-8",
		Bytes:    data,
		Etag:     base64.RawURLEncoding.EncodeToString(sum[:18]),
		URI:      feed.uri(format, feed.Archive),
		Hubs:     feed.Hubs,
	}, nil
}

// title returns the name of the feed.
func (f Feed) title() string {
	if f.Tag == "" {
		return f.Site.Title()
	}
	return richtext.Line(f.words().Message("feed.tag_title", "site", f.Site.Title(), "tag", f.Tag))
}

// description returns a sentence on what the feed is.
func (f Feed) description() string {
	if f.Tag == "" {
		return f.Site.Description()
	}
	return richtext.Line(f.words().Message("feed.tag_description", "site", f.Site.Title(), "tag", f.Tag))
}

func (f Feed) words() *lang.Language {
	if words, ok := lang.For(f.Language); ok {
		return words
	}
	return lang.Default()
}

// updated returns when any of the articles last changed for readers; for a
// feed of nothing when the site was made.
func (f Feed) updated() time.Time {
	last := f.Site.Resource.GetCreateTime().AsTime()
	for i, article := range f.Articles {
		if t := article.Modified(); i == 0 || t.After(last) {
			last = t
		}
	}
	return last
}

// home returns the address of the page whose feed it is.
func (f Feed) home() string { return f.Site.Absolute(f.Site.Home(f.Language)) }

// instant returns the time in the form of RFC 3339 in UTC, to the second as
// readers of old feeds expect; empty for the zero time.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// either returns the first text that is not empty.
func either(texts ...string) string { return cmp.Or(texts...) }
