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

// altLimit is what X takes of an alternative text, in characters.
const altLimit = 420

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
	for _, name := range article.Authors() {
		e.meta("author", name)
	}
	e.property("og:type", "article")
	e.property("og:title", p.GetTitle())
	e.property("og:description", p.GetDescription())
	e.property("og:url", p.GetCanonicalUri())
	e.property("og:site_name", p.GetSiteTitle())
	e.property("og:locale", p.GetLocale())
	e.image(p.GetImage())
	e.property("article:published_time", instant(p.GetPublishTime()))
	e.property("article:modified_time", instant(p.GetUpdateTime()))
	if topics := article.Topics(); len(topics) > 0 {
		e.property("article:section", topics[0])
	}
	for _, tag := range p.GetTags() {
		e.property("article:tag", tag)
	}
	e.card(p)
	// JSON is not escaped again: parsers take the content of a script as it
	// is, and jsonLD leaves nothing in it that could end the element.
	e.WriteString(`<script type="application/ld+json">` + p.GetJsonLd() + "</script>\n")
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

// card writes what X does not take from Open Graph.
func (e *elements) card(p *sharingv1.RenderPreviewResponse) {
	if p.GetImage() == nil {
		e.meta("twitter:card", "summary")
		return
	}
	e.meta("twitter:card", "summary_large_image")
	e.meta("twitter:image:alt", excerpt.Cut(p.GetImage().GetAlt(), altLimit, excerpt.Runes))
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
