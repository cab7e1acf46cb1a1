package syndication

import (
	"html"
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// rfc822 is how RSS writes a time: with a year of four digits and the zone as
// a number.
const rfc822 = time.RFC1123Z

func rssOf(channel Channel) rss {
	articles := channel.Articles[:min(len(channel.Articles), MaxItems)]
	doc := rss{
		Version: "2.0",
		Atom:    "http://www.w3.org/2005/Atom",
		DC:      "http://purl.org/dc/elements/1.1/",
		Media:   "http://search.yahoo.com/mrss/",
		Channel: rssChannel{
			Title:         channel.Site.Title(),
			Link:          channel.Site.Absolute(channel.Site.Home(channel.Language)),
			Description:   channel.Site.Description(),
			Language:      channel.Language,
			LastBuildDate: date(newest(articles)),
			Generator:     "Skaitykla",
			Self:          atomLink{Href: self(channel), Rel: "self", Type: "application/rss+xml"},
		},
	}
	for _, article := range articles {
		doc.Channel.Items = append(doc.Channel.Items, itemOf(article))
	}
	return doc
}

// self returns the address of the feed itself, which stands beside the front
// page of its language.
func self(channel Channel) string {
	return channel.Site.Absolute(channel.Site.Home(channel.Language) + "feed.xml")
}

// newest returns when any of the articles last changed for readers; zero
// without articles.
func newest(articles []published.Article) time.Time {
	var last time.Time
	for _, article := range articles {
		if t := article.Modified(); t.After(last) {
			last = t
		}
	}
	return last
}

func itemOf(article published.Article) rssItem {
	item := rssItem{
		Title: article.Title(),
		Link:  article.URI(),
		// The address may change, what has been read must not come back.
		GUID:     rssGUID{Value: "urn:uuid:" + article.Resource.GetUid()},
		PubDate:  date(article.Published()),
		Creators: article.Authors(),
		// Feed readers take a description for HTML.
		Description: html.EscapeString(article.Summary()),
		Categories:  article.Tags(),
	}
	if image, ok := article.Image(); ok {
		item.Enclosure = &rssEnclosure{URL: image.URI, Length: image.Size, Type: image.MIMEType}
		item.Content = contentOf(image)
	}
	return item
}

func contentOf(image published.Image) *mediaContent {
	content := &mediaContent{
		URL: image.URI, Type: image.MIMEType, Medium: "image", Width: image.Width, Height: image.Height,
	}
	if image.Alt != "" {
		content.Description = &mediaDescription{Type: "plain", Value: image.Alt}
	}
	return content
}

// date returns the time in UTC; empty for the zero time.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(rfc822)
}
