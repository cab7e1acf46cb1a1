package manuscript

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// quote is a block quote. Its last paragraph is the attribution when it begins
// with a dash. Pictures in it come after it.
func (r *reader) quote(n *ast.Blockquote) []part {
	quote := &articlev1.Quote{}
	var after []*articlev1.PhotoPlacement
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if _, ok := c.(*ast.Paragraph); !ok {
			r.note(c, "%s inside a quotation was not carried over", c.Kind())
			continue
		}
		text, pictures := r.inline(c)
		after = append(after, pictures...)
		if plain(text) == "" {
			continue
		}
		if by, ok := attribution(plain(text)); ok && c.NextSibling() == nil && len(quote.GetParagraphs()) > 0 {
			quote.Attribution = by
			continue
		}
		quote.Paragraphs = append(quote.Paragraphs, text)
	}
	var parts []part
	if len(quote.GetParagraphs()) > 0 {
		parts = append(parts, part{block: &articlev1.Block{Content: &articlev1.Block_Quote{Quote: quote}}})
	}
	if len(after) > 0 {
		parts = append(parts, gather([]part{{pictures: after}})...)
	}
	return parts
}

func attribution(text string) (string, bool) {
	for _, dash := range []string{"— ", "– ", "-- "} {
		if by, ok := strings.CutPrefix(text, dash); ok {
			return strings.TrimSpace(by), true
		}
	}
	return "", false
}

// marks are the quotation marks of a language.
type marks struct{ open, closing string }

// joinQuotations finds quotations that go on in a later block quote after
// pictures only, because their first mark is still open: their parts get one
// quotation id. The outer marks of every quotation are taken off, for they are
// set when it is shown.
func joinQuotations(parts []part, m marks) {
	number := 0
	for i := 0; i < len(parts); i++ {
		first := parts[i].block.GetQuote()
		if first == nil {
			continue
		}
		quotation := []*articlev1.Quote{first}
		for j := i + 1; m.stillOpen(quotation) && j < len(parts); j++ {
			if q := parts[j].block.GetQuote(); q != nil {
				quotation = append(quotation, q)
				i = j
			} else if len(parts[j].pictures) == 0 {
				break
			}
		}
		if len(quotation) > 1 {
			number++
			for _, q := range quotation {
				q.QuotationId = fmt.Sprintf("quotation-%d", number)
			}
		}
		m.stripOuter(quotation)
	}
}

func paragraphs(quotation []*articlev1.Quote) []*articlev1.RichText {
	var all []*articlev1.RichText
	for _, q := range quotation {
		all = append(all, q.GetParagraphs()...)
	}
	return all
}

// stillOpen reports whether the quotation begins with a mark that nothing in
// it closes.
func (m marks) stillOpen(quotation []*articlev1.Quote) bool {
	text := joined(paragraphs(quotation))
	return strings.HasPrefix(text, m.open) && m.depthEnd(text) > 0
}

// depthEnd counts the marks that are open at the end of the text.
func (m marks) depthEnd(text string) int {
	if m.open == m.closing {
		return strings.Count(text, m.open) % 2
	}
	return strings.Count(text, m.open) - strings.Count(text, m.closing)
}

// stripOuter takes off the first and the last mark when they belong together.
// Of two closing marks that would collide only one is written, so a quotation
// may end with one mark for two.
func (m marks) stripOuter(quotation []*articlev1.Quote) {
	all := paragraphs(quotation)
	text := joined(all)
	if !strings.HasPrefix(text, m.open) {
		return
	}
	stop := ""
	body := text
	if last, size := utf8.DecodeLastRuneInString(text); strings.ContainsRune(".!?…", last) {
		stop, body = string(last), text[:len(text)-size]
	}
	depth := m.depthEnd(text)
	switch {
	case !strings.HasSuffix(body, m.closing), depth < 0, depth > 1:
		return
	case m.closesEarly(strings.TrimSuffix(body, m.closing)):
		return
	}
	first := all[0].GetSpans()[0]
	first.Text = strings.TrimPrefix(first.GetText(), m.open)
	// Else the one closing mark there is belongs to the inner quotation.
	if depth != 1 {
		m.cutLast(all[len(all)-1].GetSpans(), stop)
	}
	for _, t := range all {
		t.Spans = slices.DeleteFunc(t.GetSpans(), func(s *articlev1.Span) bool { return s.GetText() == "" })
	}
}

// cutLast takes off the closing mark at the end, before the full stop if there
// is one, which may be in a span of its own.
func (m marks) cutLast(spans []*articlev1.Span, stop string) {
	last := spans[len(spans)-1]
	if stop != "" && last.GetText() == stop && len(spans) > 1 {
		last, stop = spans[len(spans)-2], ""
	}
	if before, ok := strings.CutSuffix(last.GetText(), m.closing+stop); ok {
		last.Text = before + stop
	}
}

// closesEarly reports whether the first mark is closed before the end, so that
// the last one belongs to another quotation.
func (m marks) closesEarly(text string) bool {
	if m.open == m.closing {
		return false
	}
	depth := 0
	for i := range text {
		switch {
		case strings.HasPrefix(text[i:], m.open):
			depth++
		case strings.HasPrefix(text[i:], m.closing):
			depth--
			if depth == 0 {
				return true
			}
		}
	}
	return false
}

func joined(texts []*articlev1.RichText) string {
	all := make([]string, 0, len(texts))
	for _, t := range texts {
		all = append(all, plain(t))
	}
	return strings.Join(all, "\n")
}
