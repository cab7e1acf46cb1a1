package redact

import (
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// richText takes the text out of spans, whichever of them it stands in: the
// marker takes the place of its beginning. Spans of which nothing is left go.
// Where links lead is a text too.
func (r *Redactor) richText(text *articlev1.RichText) bool {
	found := false
	for _, span := range text.GetSpans() {
		if link := span.GetLink(); link != nil {
			found = r.message(link.ProtoReflect()) || found
		}
	}
	for range rounds {
		if !r.spans(text) {
			return found
		}
		found = true
	}
	if r.spans(text) {
		text.Spans = []*articlev1.Span{{Text: Marker}}
	}
	return found
}

// spans replaces what stands there now and reports whether there was any.
func (r *Redactor) spans(text *articlev1.RichText) bool {
	var whole strings.Builder
	for _, span := range text.GetSpans() {
		whole.WriteString(span.GetText())
	}
	at := occurrences(whole.String(), r.text)
	if len(at) == 0 {
		return false
	}
	kept := text.GetSpans()[:0]
	begin := 0
	for _, span := range text.GetSpans() {
		end := begin + len(span.GetText())
		was := span.GetText()
		span.Text = cut(was, begin, at, len(r.text))
		if span.GetText() != "" || was == "" {
			kept = append(kept, span)
		}
		begin = end
	}
	text.Spans = kept
	return true
}

// occurrences returns where text begins in s, without overlaps.
func occurrences(s, text string) []int {
	var at []int
	for from := 0; ; {
		i := strings.Index(s[from:], text)
		if i < 0 {
			return at
		}
		at = append(at, from+i)
		from += i + len(text)
	}
}

// cut returns a span, which begins at an offset of the whole, without the parts
// of it that lie in one of the occurrences of the length, and with a marker
// where one begins.
func cut(span string, begin int, at []int, length int) string {
	var left strings.Builder
	from := 0 // in the span
	for _, start := range at {
		first, last := start-begin, start+length-begin
		if last <= 0 || first >= len(span) {
			continue
		}
		if first >= 0 {
			left.WriteString(span[from:first])
			left.WriteString(Marker)
		}
		from = min(last, len(span))
	}
	left.WriteString(span[from:])
	return left.String()
}
