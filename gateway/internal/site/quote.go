package site

import (
	"html/template"
	"strings"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// quoteView is a quotation, or a part of one.
type quoteView struct {
	Paragraphs  []template.HTML
	Attribution string
	Source      template.URL
	SourceHost  string
}

// marks says which quotation marks a part shows.
type marks struct{ opens, closes bool }

// quoteMarks returns the marks of every quote among the blocks, by position: a
// quotation in parts opens with its first part and closes with its last, so
// that it has one pair of marks however many pictures interrupt it.
func quoteMarks(blocks []*articlev1.Block) map[int]marks {
	first, last := map[string]int{}, map[string]int{}
	for i, block := range blocks {
		id := block.GetQuote().GetQuotationId()
		if id == "" {
			continue
		}
		if _, seen := first[id]; !seen {
			first[id] = i
		}
		last[id] = i
	}
	all := map[int]marks{}
	for i, block := range blocks {
		quote := block.GetQuote()
		if quote == nil {
			continue
		}
		id := quote.GetQuotationId()
		all[i] = marks{opens: id == "" || first[id] == i, closes: id == "" || last[id] == i}
	}
	return all
}

// quote returns a part of a quotation with its marks. Quotation marks inside it
// are left as they are. Where an inner quotation ends together with the outer
// one and looks the same, its mark closes both: two closing marks never stand
// side by side.
func (t *writer) quote(quote *articlev1.Quote, m marks) *quoteView {
	view := &quoteView{SourceHost: hostName(quote.GetSourceUri())}
	if url, ok := safeURL(quote.GetSourceUri()); ok && view.SourceHost != "" {
		view.Source = url
	}
	if name := quote.GetAttribution(); name != "" {
		view.Attribution = t.text(t.lang.Message("quote.attribution", "name", name))
	}
	opening, closing := t.lang.QuoteMarks()
	paragraphs := quote.GetParagraphs()
	for i, p := range paragraphs {
		html := t.rich(p)
		if i == 0 && m.opens {
			html = template.HTML(opening) + html //nolint:gosec // a mark of our own tables
		}
		if i == len(paragraphs)-1 && m.closes && !closesItself(richtext.Plain(p), opening, closing) {
			html += template.HTML(closing) //nolint:gosec // a mark of our own tables
		}
		view.Paragraphs = append(view.Paragraphs, html)
	}
	return view
}

// closesItself reports whether the text ends with the closing mark of an inner
// quotation that looks like the outer one.
func closesItself(text, opening, closing string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, closing) && strings.Contains(text, opening)
}
