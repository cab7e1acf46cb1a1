package preview

import (
	"encoding/json"
	"time"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// newsArticle is a schema.org NewsArticle. It is the root object, for readers
// such as Mastodon do not look into a graph.
type newsArticle struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	MainEntity  string   `json:"mainEntityOfPage,omitempty"`
	Headline    string   `json:"headline"`
	Description string   `json:"description,omitempty"`
	Language    string   `json:"inLanguage,omitempty"`
	Published   string   `json:"datePublished,omitempty"`
	Modified    string   `json:"dateModified,omitempty"`
	Authors     []entity `json:"author,omitempty"`
	Publisher   *entity  `json:"publisher,omitempty"`
	Images      []image  `json:"image,omitempty"`
	Sections    []string `json:"articleSection,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
	Free        bool     `json:"isAccessibleForFree"`
	About       *event   `json:"about,omitempty"`
}

// entity is a Person, an Organization or a Place.
type entity struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	Logo *image `json:"logo,omitempty"`
}

// image is an ImageObject.
type image struct {
	Type   string `json:"@type"`
	URL    string `json:"url"`
	Width  int32  `json:"width,omitempty"`
	Height int32  `json:"height,omitempty"`
}

// event is what an article is about.
type event struct {
	Type     string  `json:"@type"`
	Name     string  `json:"name"`
	Start    string  `json:"startDate"`
	End      string  `json:"endDate,omitempty"`
	Location *entity `json:"location,omitempty"`
	URL      string  `json:"url,omitempty"`
}

// jsonLD returns the data on one line. Less-than, greater-than and ampersand
// are escaped as \u003c and so on, so it can neither end a script element nor
// open a comment, and decoding HTML entities in it changes nothing.
func jsonLD(article published.Article, p *sharingv1.RenderPreviewResponse) ([]byte, error) {
	publisher := organization(article.Site)
	data := newsArticle{
		Context:     "https://schema.org",
		Type:        "NewsArticle",
		MainEntity:  p.GetCanonicalUri(),
		Headline:    p.GetTitle(),
		Description: p.GetDescription(),
		Language:    article.Language(),
		Published:   instant(p.GetPublishTime()),
		Modified:    instant(p.GetUpdateTime()),
		Authors:     authors(article, publisher),
		Publisher:   publisher,
		Sections:    article.Topics(),
		Keywords:    p.GetTags(),
		Free:        true,
		About:       about(article, p),
	}
	// Search engines want the photograph, not a card with the title on it.
	if i, ok := article.Image(); ok {
		data.Images = []image{{Type: "ImageObject", URL: i.URI, Width: i.Width, Height: i.Height}}
	}
	return json.Marshal(data)
}

func organization(site published.Site) *entity {
	e := &entity{Type: "Organization", Name: site.Publisher()}
	if logo := site.Resource.GetPublisher().GetLogoUri(); logo != "" {
		e.Logo = &image{Type: "ImageObject", URL: logo}
	}
	return e
}

// authors returns who is named; without anybody the publisher answers for the
// article. A byline that names the publisher is no person.
func authors(article published.Article, publisher *entity) []entity {
	var found []entity
	for _, name := range article.Authors() {
		kind := "Person"
		if name == publisher.Name {
			kind = publisher.Type
		}
		found = append(found, entity{Type: kind, Name: name})
	}
	if len(found) == 0 {
		found = append(found, entity{Type: publisher.Type, Name: publisher.Name})
	}
	return found
}

// about returns the event of an article; nil when it has none. Its times have
// the offset of the site's zone, for a visitor goes there by the local clock.
func about(article published.Article, p *sharingv1.RenderPreviewResponse) *event {
	source := article.Resource.GetEvent()
	if !source.GetStartTime().IsValid() {
		return nil
	}
	zone := article.Site.Location()
	e := &event{
		Type:  "Event",
		Name:  p.GetTitle(),
		Start: source.GetStartTime().AsTime().In(zone).Format(time.RFC3339),
		URL:   p.GetCanonicalUri(),
	}
	if end := source.GetEndTime(); end.IsValid() {
		e.End = end.AsTime().In(zone).Format(time.RFC3339)
	}
	e.Location = place(source)
	return e
}

func place(source *articlev1.Event) *entity {
	name := richtext.Line(source.GetPlace())
	if name == "" {
		return nil
	}
	return &entity{Type: "Place", Name: name}
}
