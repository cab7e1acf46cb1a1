package site

import (
	"html/template"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// writer turns the texts of one article into HTML.
type writer struct {
	site *articlev1.Site
	lang *lang.Language
	code string // of the article, as it writes it
}

// text returns a plain text as it is to be shown: with the no-break spaces of
// the language.
func (t *writer) text(s string) string { return t.lang.Spaces(s) }

// rich returns a rich text as HTML. Neighboring spans of one link become one
// element, so that a reader of the page hears one link.
func (t *writer) rich(text *articlev1.RichText) template.HTML {
	var b strings.Builder
	spans := text.GetSpans()
	for i := 0; i < len(spans); {
		end := i + 1
		for end < len(spans) && proto.Equal(spans[end].GetLink(), spans[i].GetLink()) {
			end++
		}
		t.linked(&b, spans[i].GetLink(), spans[i:end])
		i = end
	}
	return template.HTML(b.String()) //nolint:gosec // every part of it was escaped
}

// linked writes the spans of one link, or of none.
func (t *writer) linked(b *strings.Builder, link *articlev1.Link, spans []*articlev1.Span) {
	href, ok := linkURL(t.site, link)
	ok = ok && link != nil
	if ok {
		b.WriteString(`<a href="` + template.HTMLEscapeString(string(href)) + `">`)
	}
	for _, span := range spans {
		t.span(b, span)
	}
	if ok {
		b.WriteString("</a>")
	}
}

// span writes one span with its marks and language.
func (t *writer) span(b *strings.Builder, span *articlev1.Span) {
	var closing []string
	l := t.lang
	if code := richtext.ForeignLanguage(span.GetLanguageCode(), t.code); code != "" {
		b.WriteString(`<span lang="` + template.HTMLEscapeString(code) + `">`)
		closing = append(closing, "</span>")
		l, _ = lang.For(code)
	}
	code := false
	for _, mark := range span.GetMarks() {
		if name := richtext.Element(mark); name != "" {
			b.WriteString("<" + name + ">")
			closing = append(closing, "</"+name+">")
			code = code || name == "code"
		}
	}
	words := span.GetText()
	if l != nil && !code {
		words = l.Spaces(words)
	}
	b.WriteString(strings.ReplaceAll(template.HTMLEscapeString(words), "\n", "<br>"))
	for _, tag := range slices.Backward(closing) {
		b.WriteString(tag)
	}
}
