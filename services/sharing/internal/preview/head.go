package preview

import (
	"html"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// What X takes of a title and of an alternative text, in characters
// (https://developer.x.com/en/docs/x-for-websites/cards/overview/markup).
const (
	titleLimit = 70
	altLimit   = 420
)

// elements collects elements, one a line. Names are ours, values are
// anybody's; an element with an empty value is left out.
type elements struct{ strings.Builder }

// property writes a property of Open Graph.
func (e *elements) property(name, value string) {
	e.element("meta", "property", name, "content", value)
}

// meta writes a named value of HTML or X.
func (e *elements) meta(name, value string) { e.element("meta", "name", name, "content", value) }

func (e *elements) link(rel, href string) { e.element("link", "rel", rel, "href", href) }

// alternate writes where a language version is.
func (e *elements) alternate(version *sharingv1.AlternatePreview) {
	e.WriteString(`<link rel="alternate" hreflang="` + html.EscapeString(version.GetLanguageCode()) +
		`" href="` + html.EscapeString(version.GetUri()) + "\">\n")
}

func (e *elements) element(tag, nameKey, name, valueKey, value string) {
	if value == "" {
		return
	}
	e.WriteString("<" + tag + " " + nameKey + `="` + name + `" ` + valueKey + `="` + html.EscapeString(value) + "\">\n")
}

// head returns the elements of a preview that is filled in but for them.
func head(article published.Article, p *sharingv1.RenderPreviewResponse) string {
	var e elements
	e.link("canonical", p.GetCanonicalUri())
	e.meta("description", p.GetDescription())
	for _, name := range p.GetAuthors() {
		e.meta("author", name)
	}
	for _, version := range p.GetAlternates() {
		e.alternate(version)
	}
	e.property("og:type", "article")
	e.property("og:title", p.GetTitle())
	e.property("og:description", p.GetDescription())
	e.property("og:url", p.GetCanonicalUri())
	e.property("og:site_name", p.GetSiteTitle())
	e.property("og:locale", p.GetLocale())
	for _, version := range p.GetAlternates() {
		if version.GetLanguageCode() != p.GetLanguageCode() {
			e.property("og:locale:alternate", locale(version.GetLanguageCode()))
		}
	}
	e.image(p.GetImage())
	e.property("article:published_time", instant(p.GetPublishTime()))
	e.property("article:modified_time", instant(p.GetUpdateTime()))
	for _, name := range p.GetAuthors() {
		e.property("article:author", name)
	}
	if topics := article.Topics(); len(topics) > 0 {
		e.property("article:section", topics[0])
	}
	for _, tag := range p.GetTags() {
		e.property("article:tag", tag)
	}
	e.property("fb:app_id", article.Site.Resource.GetFacebookAppId())
	e.card(p)
	e.data(p.GetJsonLd())
	e.data(p.GetEventJsonLd())
	return e.String()
}

// image writes the picture. Its size must be there for the first person who
// shares the page to see it.
func (e *elements) image(image *sharingv1.PreviewImage) {
	if image == nil {
		return
	}
	e.property("og:image", image.GetUri())
	e.property("og:image:type", image.GetMimeType())
	e.property("og:image:width", pixels(image.GetWidth()))
	e.property("og:image:height", pixels(image.GetHeight()))
	e.property("og:image:alt", image.GetAlt())
}

// card writes the card of X, which takes less of a text than others.
func (e *elements) card(p *sharingv1.RenderPreviewResponse) {
	kind := "summary_large_image"
	if p.GetImage() == nil {
		kind = "summary"
	}
	e.meta("twitter:card", kind)
	e.meta("twitter:title", excerpt.Cut(p.GetTitle(), titleLimit, excerpt.Runes))
	e.meta("twitter:description", p.GetDescription())
	e.meta("twitter:image", p.GetImage().GetUri())
	e.meta("twitter:image:alt", excerpt.Cut(p.GetImage().GetAlt(), altLimit, excerpt.Runes))
}

// data writes schema.org data, if any. JSON is not escaped again: parsers take
// the content of a script as it is, and json.Marshal leaves nothing in it that
// could end the element.
func (e *elements) data(json string) {
	if json != "" {
		e.WriteString(`<script type="application/ld+json">` + json + "</script>\n")
	}
}

func pixels(n int32) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

// instant returns a time as ISO 8601 has it, to the second, in UTC.
func instant(t *timestamppb.Timestamp) string {
	if t == nil {
		return ""
	}
	return t.AsTime().Format(time.RFC3339)
}
