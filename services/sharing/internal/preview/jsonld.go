package preview

import (
	"encoding/json"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// schema is the vocabulary.
const schema = "https://schema.org"

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
	URL  string `json:"url,omitempty"`
	Logo *image `json:"logo,omitempty"`
}

// image is an ImageObject.
type image struct {
	Type   string `json:"@type"`
	URL    string `json:"url"`
	Width  int32  `json:"width,omitempty"`
	Height int32  `json:"height,omitempty"`
}

// newsArticleOf returns the data on one line. Less-than, greater-than and ampersand
// are escaped as \u003c and so on, so it can neither end a script element nor
// open a comment, and decoding HTML entities in it changes nothing.
func newsArticleOf(article published.Article, p *sharingv1.RenderPreviewResponse, shapes []published.Image, occasion *event) (string, error) {
	publisher := organization(article.Site)
	data := newsArticle{
		Context:     schema,
		Type:        "NewsArticle",
		MainEntity:  p.GetCanonicalUri(),
		Headline:    p.GetTitle(),
		Description: p.GetDescription(),
		Language:    p.GetLanguageCode(),
		Published:   instant(p.GetPublishTime()),
		Modified:    instant(p.GetUpdateTime()),
		Authors:     authors(p, publisher),
		Publisher:   publisher,
		Sections:    article.Topics(),
		Keywords:    p.GetTags(),
		Free:        true,
		About:       occasion,
	}
	// Search engines want the photograph, not a card with the title on it.
	for _, shape := range shapes {
		data.Images = append(data.Images, image{Type: "ImageObject", URL: shape.URI, Width: shape.Width, Height: shape.Height})
	}
	encoded, err := json.Marshal(data)
	return string(encoded), err
}

func organization(site published.Site) *entity {
	e := &entity{Type: "Organization", Name: site.Publisher(), URL: site.Absolute("/")}
	if logo := site.Resource.GetPublisher().GetLogoUri(); logo != "" {
		e.Logo = &image{Type: "ImageObject", URL: logo}
	}
	return e
}

// authors returns who is named; without anybody the publisher answers for the
// article. A byline that names the publisher is no person.
func authors(p *sharingv1.RenderPreviewResponse, publisher *entity) []entity {
	var found []entity
	for _, name := range p.GetAuthors() {
		if name == publisher.Name {
			found = append(found, entity{Type: publisher.Type, Name: name, URL: publisher.URL})
			continue
		}
		found = append(found, entity{Type: "Person", Name: name})
	}
	if len(found) == 0 {
		found = append(found, entity{Type: publisher.Type, Name: publisher.Name, URL: publisher.URL})
	}
	return found
}
