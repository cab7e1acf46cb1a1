// Package syndication makes feeds of published articles.
//
// A feed is a pure function of the articles: the same articles give the same
// bytes, so that its etag changes only with what readers see.
package syndication

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// MaxItems is how many articles a feed holds at most.
const MaxItems = 50

// Channel is what a feed is made of.
type Channel struct {
	// Site is whose feed it is.
	Site published.Site
	// Language is the language (BCP 47) of the articles.
	Language string
	// Articles are the newest ones, newest first. Only the first MaxItems are
	// used.
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
}

// RSS returns the feed as RSS 2.0.
func RSS(channel Channel) (Document, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", "  ")
	if err := encoder.Encode(rssOf(channel)); err != nil {
		return Document{}, fmt.Errorf("encode the feed of %s: %w", channel.Site.Resource.GetName(), err)
	}
	b.WriteByte('\n')
	sum := sha256.Sum256(b.Bytes())
	return Document{
		MIMEType: "application/rss+xml; charset=utf-8",
		Bytes:    b.Bytes(),
		Etag:     base64.RawURLEncoding.EncodeToString(sum[:18]),
	}, nil
}
