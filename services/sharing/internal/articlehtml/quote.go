package articlehtml

import (
	"html"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// quotations says which blocks open and which close a quotation: one in parts
// has one pair of marks however many pictures interrupt it.
func quotations(blocks []*articlev1.Block) (opens, closes map[int]bool) {
	opens, closes = map[int]bool{}, map[int]bool{}
	last := map[string]int{}
	for i, block := range blocks {
		quote := block.GetQuote()
		if quote == nil {
			continue
		}
		id := quote.GetQuotationId()
		before, seen := last[id]
		if id != "" && seen {
			closes[before] = false
		} else {
			opens[i] = true
		}
		closes[i] = true
		last[id] = i
	}
	return opens, closes
}

// quote writes a part of a quotation with the marks of the language.
func (w *writer) quote(quote *articlev1.Quote, opens, closes bool) {
	opening, closing := w.words.QuoteMarks()
	paragraphs := quote.GetParagraphs()
	w.WriteString("<blockquote>\n")
	for i, paragraph := range paragraphs {
		text := w.rich(paragraph)
		if i == 0 && opens {
			text = opening + text
		}
		if i == len(paragraphs)-1 && closes && !endsWith(richtext.Plain(paragraph), opening, closing) {
			text += closing
		}
		w.element("p", text)
	}
	w.source(quote)
	w.WriteString("</blockquote>\n")
}

// source writes who said it and where it can be read.
func (w *writer) source(quote *articlev1.Quote) {
	line := ""
	if name := quote.GetAttribution(); name != "" {
		line = w.message("quote.attribution", "name", name)
	}
	if uri, ok := w.address(quote.GetSourceUri()); ok && host(uri) != "" {
		if line != "" {
			line += " "
		}
		line += `<a href="` + html.EscapeString(uri) + `">` + html.EscapeString(host(uri)) + "</a>"
	}
	w.element("p", line)
}
