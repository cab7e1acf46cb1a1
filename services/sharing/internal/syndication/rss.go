package syndication

import (
	"encoding/xml"
	"html"
	"time"
)

// timeToLive is how many minutes a program may keep the feed before it asks
// again; asking earlier costs little, for it is answered with 304.
const timeToLive = 60

// rss is the root of an RSS 2.0 document. Prefixes are part of the names, for
// feed readers look for the usual ones.
type rss struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Content string   `xml:"xmlns:content,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	History string   `xml:"xmlns:fh,attr"`
	Media   string   `xml:"xmlns:media,attr"`
	Channel rssChannel
}

type rssChannel struct {
	XMLName       xml.Name `xml:"channel"`
	Title         string   `xml:"title"`
	Link          string   `xml:"link"`
	Description   string   `xml:"description"`
	Language      string   `xml:"language,omitempty"`
	LastBuildDate string   `xml:"lastBuildDate,omitempty"`
	Generator     string   `xml:"generator"`
	TTL           int      `xml:"ttl"`
	Links         []link   `xml:"atom:link"`
	Archive       *mark    `xml:"fh:archive"`
	Items         []rssItem
}

type rssItem struct {
	XMLName     xml.Name      `xml:"item"`
	Title       string        `xml:"title"`
	Link        string        `xml:"link"`
	GUID        rssGUID       `xml:"guid"`
	PubDate     string        `xml:"pubDate,omitempty"`
	Updated     string        `xml:"atom:updated,omitempty"`
	Creators    []string      `xml:"dc:creator"`
	Description string        `xml:"description,omitempty"`
	Content     *rssContent   `xml:"content:encoded"`
	Categories  []string      `xml:"category"`
	Enclosure   *rssEnclosure `xml:"enclosure"`
	Media       *media        `xml:"media:content"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	Value     string `xml:",chardata"`
}

type rssContent struct {
	HTML string `xml:",cdata"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

func rssOf(feed Feed) rss {
	document := rss{
		Version: "2.0",
		Atom:    namespaceAtom,
		Content: namespaceContent,
		DC:      namespaceDC,
		History: namespaceHistory,
		Media:   namespaceMedia,
		Channel: rssChannel{
			Title:         feed.title(),
			Link:          feed.home(),
			Description:   feed.description(),
			Language:      feed.Language,
			LastBuildDate: date(feed.updated()),
			Generator:     generator,
			TTL:           timeToLive,
			Links:         feed.links(FormatRSS),
			Archive:       feed.archiveMark(),
		},
	}
	for _, it := range feed.items() {
		document.Channel.Items = append(document.Channel.Items, rssItemOf(it))
	}
	return document
}

func rssItemOf(it item) rssItem {
	entry := rssItem{
		Title:    it.title,
		Link:     it.uri,
		GUID:     rssGUID{Value: it.id},
		PubDate:  date(it.published),
		Updated:  instant(it.modified),
		Creators: it.authors,
		// Feed readers take a description for HTML.
		Description: html.EscapeString(it.summary),
		Categories:  it.tags,
		Media:       mediaOf(it),
	}
	if it.content != "" {
		entry.Content = &rssContent{it.content}
	}
	if image := it.image; image != nil {
		entry.Enclosure = &rssEnclosure{URL: image.URI, Length: image.Size, Type: image.MIMEType}
	}
	return entry
}

// date returns the time in UTC as RSS writes it, by RFC 822 with a year of four
// digits and the zone as a number; empty for the zero time.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC1123Z)
}
