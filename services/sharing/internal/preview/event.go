package preview

import (
	"encoding/json"
	"time"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// event is a schema.org Event: whole as a root object of its own, with its
// beginnings only where the article says what it is about.
type event struct {
	Context     string   `json:"@context,omitempty"`
	Type        string   `json:"@type"`
	ID          string   `json:"@id,omitempty"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Start       string   `json:"startDate"`
	End         string   `json:"endDate,omitempty"`
	Status      string   `json:"eventStatus,omitempty"`
	Location    *entity  `json:"location,omitempty"`
	Organizer   *entity  `json:"organizer,omitempty"`
	Images      []string `json:"image,omitempty"`
	Language    string   `json:"inLanguage,omitempty"`
	URL         string   `json:"url,omitempty"`
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
	if p.GetCanonicalUri() != "" {
		e.ID = p.GetCanonicalUri() + "#event"
	}
	if end := source.GetEndTime(); end.IsValid() {
		e.End = end.AsTime().In(zone).Format(time.RFC3339)
	}
	e.Location = place(source)
	return e
}

// eventOf returns the event of an article as JSON-LD on one line, in the way of
// newsArticleOf; empty when the article has none.
func eventOf(article published.Article, p *sharingv1.RenderPreviewResponse, shapes []published.Image, occasion *event) (string, error) {
	if occasion == nil {
		return "", nil
	}
	e := *occasion
	e.Context = schema
	e.Description = p.GetDescription()
	e.Status = schema + "/EventScheduled"
	e.Organizer = organization(article.Site)
	e.Language = p.GetLanguageCode()
	for _, shape := range shapes {
		e.Images = append(e.Images, shape.URI)
	}
	data, err := json.Marshal(&e)
	return string(data), err
}

func place(source *articlev1.Event) *entity {
	name := richtext.Line(source.GetPlace())
	if name == "" {
		return nil
	}
	return &entity{Type: "Place", Name: name}
}
