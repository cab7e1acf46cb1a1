package site

import (
	"html/template"
	"strings"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// bareHead returns what is known of an article without the sharing service:
// what a network reads while that is away it keeps for days, so it is to find
// the title at least. The address is there when the site has one.
func bareHead(site *articlev1.Site, a *articlev1.Article) template.HTML {
	var b strings.Builder
	meta := func(attribute, name, content string) {
		if content != "" {
			b.WriteString("<meta " + attribute + `="` + name + `" content="` + template.HTMLEscapeString(content) + `">`)
		}
	}
	if base := site.GetBaseUri(); base != "" && isLocal(a.GetPath()) {
		b.WriteString(`<link rel="canonical" href="` + template.HTMLEscapeString(base+a.GetPath()) + `">`)
		meta("property", "og:url", base+a.GetPath())
	}
	lead := richtext.Plain(a.GetLead())
	meta("name", "description", lead)
	meta("property", "og:type", "article")
	meta("property", "og:title", a.GetTitle())
	meta("property", "og:description", lead)
	meta("property", "og:site_name", site.GetTitle())
	return headElements(b.String())
}
