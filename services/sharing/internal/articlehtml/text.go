package articlehtml

import (
	"html"
	"slices"
	"strings"
	"unicode"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// paragraph writes a rich text as a paragraph.
func (w *writer) paragraph(text *articlev1.RichText) { w.element("p", w.rich(text)) }

// rich returns a rich text as HTML. Neighboring spans of one link become one
// element, so that it is heard as one link.
func (w *writer) rich(text *articlev1.RichText) string {
	var b strings.Builder
	spans := text.GetSpans()
	for len(spans) > 0 {
		end := 1
		for end < len(spans) && proto.Equal(spans[end].GetLink(), spans[0].GetLink()) {
			end++
		}
		href, ok := w.target(spans[0].GetLink())
		if ok {
			b.WriteString(`<a href="` + html.EscapeString(href) + `">`)
		}
		for _, span := range spans[:end] {
			w.span(&b, span)
		}
		if ok {
			b.WriteString("</a>")
		}
		spans = spans[end:]
	}
	return b.String()
}

// span writes one span with its marks and language.
func (w *writer) span(b *strings.Builder, span *articlev1.Span) {
	text := clean(span.GetText())
	if text == "" {
		return
	}
	var closing []string
	words := w.words
	if code := richtext.ForeignLanguage(span.GetLanguageCode(), w.article.Language()); code != "" {
		b.WriteString(`<span lang="` + html.EscapeString(code) + `">`)
		closing = append(closing, "</span>")
		words, _ = lang.For(code)
	}
	for _, mark := range span.GetMarks() {
		if name := richtext.Element(mark); name != "" {
			b.WriteString("<" + name + ">")
			closing = append(closing, "</"+name+">")
		}
	}
	if words != nil && !slices.Contains(span.GetMarks(), articlev1.Span_MARK_CODE) {
		text = words.Spaces(text)
	}
	b.WriteString(strings.ReplaceAll(html.EscapeString(text), "\n", "<br>"))
	for _, tag := range slices.Backward(closing) {
		b.WriteString(tag)
	}
}

// clean returns s without what no document may hold or what would change the
// order of letters beyond the text itself: control characters but line feeds,
// noncharacters, and embeddings and overrides of the direction of writing.
// Marks that give the direction of one place stay.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\u2028', r == '\u2029', r == '\u0085':
			return ' '
		case unicode.Is(unicode.Cc, r), r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n"))
}
