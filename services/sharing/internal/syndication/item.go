package syndication

import (
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/articlehtml"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// item is an article as every format tells it.
type item struct {
	id                  string
	title, uri, summary string
	content             string // HTML; empty where there is none or no room
	language            string
	published, modified time.Time
	authors, tags       []string
	image               *published.Image
	credit              string
	others              []published.Version // in other languages
}

// items returns the articles of the feed in its order.
func (f Feed) items() []item {
	items := make([]item, 0, len(f.Articles))
	room := maxContent
	for _, article := range f.Articles {
		it := itemOf(article)
		if room -= len(it.content); room < 0 {
			it.content, room = "", 0
		}
		items = append(items, it)
	}
	return items
}

func itemOf(article published.Article) item {
	it := item{
		id:        "urn:uuid:" + article.Resource.GetUid(),
		title:     article.Title(),
		uri:       article.URI(),
		summary:   article.Summary(),
		content:   articlehtml.Render(article),
		language:  article.Language(),
		published: article.Published(),
		modified:  article.Modified(),
		authors:   article.Authors(),
		tags:      article.Tags(),
	}
	if image, ok := article.Image(); ok {
		it.image, it.credit = &image, article.Credit()
	}
	if versions := article.Versions(); len(versions) > 1 {
		it.others = versions[1:] // the first is the article itself
	}
	return it
}
