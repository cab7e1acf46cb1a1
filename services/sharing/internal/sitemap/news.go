package sitemap

import (
	"io"
	"time"
)

// Item is an article of the news sitemap.
type Item struct {
	// URI is absolute.
	URI string
	// Publication is the name of the site.
	Publication string
	// Language is that of the article (BCP 47).
	Language string
	// Published is when readers could first see it.
	Published time.Time
	// Title is its title.
	Title string
}

// News is a news sitemap.
type News struct{ *Writer }

// NewNews begins a news sitemap.
func NewNews(out io.Writer) News {
	return News{newWriter(out, "urlset", ` xmlns:news="`+namespaceNews+`"`)}
}

// Add writes an article.
func (n News) Add(item Item) error {
	return n.add(url{Loc: item.URI, News: &news{
		Publication: publication{item.Publication, item.Language},
		Date:        moment(item.Published),
		Title:       item.Title,
	}})
}

type news struct {
	Publication publication `xml:"news:publication"`
	Date        string      `xml:"news:publication_date"`
	Title       string      `xml:"news:title"`
}

type publication struct {
	Name     string `xml:"news:name"`
	Language string `xml:"news:language"`
}
