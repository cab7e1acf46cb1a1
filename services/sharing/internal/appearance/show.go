package appearance

import (
	"encoding/json"
	"net/url"
	"slices"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// show returns what the network will show of a page.
func (n Network) show(p Page) *sharingv1.PreviewAppearance {
	title, description, publisher := n.words(p)
	shown := &sharingv1.PreviewAppearance{
		Network:    n.ID,
		Title:      n.Title.cut(title),
		SiteLine:   n.line(p, publisher),
		LargeImage: n.takes(p.Preview.GetImage()) && n.large(p.Preview.GetImage()),
	}
	if n.takes(p.Preview.GetImage()) {
		shown.Image = p.Preview.GetImage()
	}
	shown.Description = n.description(shown.GetLargeImage()).cut(description)
	return shown
}

// description returns how much of a description it shows beside a picture, or
// none.
func (n Network) description(large bool) Text {
	if !large && n.Small != nil {
		return *n.Small
	}
	return n.Description
}

// words returns title, description and publisher as the network reads them.
func (n Network) words(p Page) (title, description, publisher string) {
	title, description, publisher = p.Preview.GetTitle(), p.Preview.GetDescription(), p.Preview.GetSiteTitle()
	news, ok := readNews(p.Preview.GetJsonLd())
	if !n.StructuredData || !ok {
		return title, description, publisher
	}
	return news.Headline, news.Description, news.Publisher.Name
}

// news is what is read of a NewsArticle.
type news struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	Headline    string   `json:"headline"`
	Description string   `json:"description"`
	Language    string   `json:"inLanguage"`
	Published   string   `json:"datePublished"`
	Authors     []entity `json:"author"`
	Publisher   entity   `json:"publisher"`
}

type entity struct {
	Name string `json:"name"`
}

// readNews reads schema.org data as Mastodon does: the root object must be a
// NewsArticle, and no graph is looked into.
func readNews(text string) (news, bool) {
	var n news
	if err := json.Unmarshal([]byte(text), &n); err != nil || n.Type != "NewsArticle" {
		return news{}, false
	}
	return n, true
}

func (t Text) cut(text string) string {
	switch {
	case t.Hidden:
		return ""
	case t.Max == 0:
		return text
	}
	return excerpt.Cut(text, t.Max, excerpt.Runes)
}

func (n Network) line(p Page, publisher string) string {
	switch n.Line {
	case LineSite:
		return p.Preview.GetSiteTitle()
	case LinePublisher:
		return publisher
	case LineHost:
	}
	address, err := url.Parse(p.Preview.GetCanonicalUri())
	if err != nil {
		return ""
	}
	return address.Hostname()
}

// takes reports whether the network shows the picture at all. A size that is
// not known is taken to be right.
func (n Network) takes(image *sharingv1.PreviewImage) bool {
	return image != nil && n.format(image) && !n.tooHeavy(image) && !n.tooSmall(image) && !n.tooLarge(image)
}

func (n Network) format(image *sharingv1.PreviewImage) bool {
	return slices.Contains(n.Picture.Formats, image.GetMimeType())
}

func (n Network) tooHeavy(image *sharingv1.PreviewImage) bool {
	return n.Picture.Weight.Max > 0 && image.GetSize() > n.Picture.Weight.Max
}

func (n Network) tooSmall(image *sharingv1.PreviewImage) bool {
	return known(image) && (image.GetWidth() < n.Picture.Least.Width || image.GetHeight() < n.Picture.Least.Height)
}

func (n Network) tooLarge(image *sharingv1.PreviewImage) bool {
	most := n.Picture.Most
	return most.Width > 0 && (image.GetWidth() > most.Width || image.GetHeight() > most.Height)
}

func (n Network) large(image *sharingv1.PreviewImage) bool {
	return known(image) && image.GetWidth() >= n.Picture.Large.Width && image.GetHeight() >= n.Picture.Large.Height
}

func known(image *sharingv1.PreviewImage) bool { return image.GetWidth() > 0 && image.GetHeight() > 0 }

// lost returns the share of a picture that the frame of the network cuts off.
func (n Network) lost(image *sharingv1.PreviewImage) float64 {
	if n.Picture.Ratio == 0 || !known(image) {
		return 0
	}
	ratio := float64(image.GetWidth()) / float64(image.GetHeight())
	return 1 - min(ratio, n.Picture.Ratio)/max(ratio, n.Picture.Ratio)
}
