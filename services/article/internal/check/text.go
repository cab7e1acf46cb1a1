package check

import (
	"fmt"
	"strconv"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// block checks one block.
func (r *report) block(b *articlev1.Block) {
	id := b.GetId()
	switch c := b.GetContent().(type) {
	case *articlev1.Block_Paragraph:
		r.richText(id, "paragraph.text", c.Paragraph.GetText())
	case *articlev1.Block_Heading:
		r.heading(id, c.Heading)
	case *articlev1.Block_Quote:
		r.richTexts(id, "quote.paragraphs", c.Quote.GetParagraphs())
	case *articlev1.Block_List:
		r.list(id, "list", c.List)
	case *articlev1.Block_Figure:
		r.photo(id, "figure.placement", c.Figure.GetPlacement())
	case *articlev1.Block_Gallery:
		for i, p := range c.Gallery.GetPlacements() {
			r.photo(id, fmt.Sprintf("gallery.placements[%d]", i), p)
		}
	case *articlev1.Block_Table:
		r.table(id, c.Table)
	case *articlev1.Block_Embed:
		if blank(c.Embed.GetTitle()) {
			r.add(embedUntitled, id, "embed.title", c.Embed.GetUri())
		}
	case *articlev1.Block_Attachment:
		if blank(c.Attachment.GetTitle()) {
			r.add(attachUntitled, id, "attachment.title", c.Attachment.GetUri())
		}
	case *articlev1.Block_Callout:
		r.richTexts(id, "callout.paragraphs", c.Callout.GetParagraphs())
	}
}

func (r *report) heading(id string, h *articlev1.Heading) {
	text := plain(h.GetText())
	if blank(text) {
		r.add(headingEmpty, id, "heading.text", "")
		return
	}
	if h.GetLevel() > r.level+1 {
		r.add(headingSkipped, id, "heading.level", text,
			"level", strconv.Itoa(int(h.GetLevel())), "want", strconv.Itoa(int(r.level+1)))
	}
	r.level = h.GetLevel()
	r.richText(id, "heading.text", h.GetText())
}

func (r *report) list(id, field string, l *articlev1.List) {
	for i, item := range l.GetItems() {
		at := fmt.Sprintf("%s.items[%d]", field, i)
		r.richText(id, at+".text", item.GetText())
		if item.GetSublist() != nil {
			r.list(id, at+".sublist", item.GetSublist())
		}
	}
}

func (r *report) table(id string, t *articlev1.Table) {
	if !t.GetHeaderRow() && !t.GetHeaderColumn() {
		r.add(tableHeaders, id, "table", t.GetCaption())
	}
	for i, row := range t.GetRows() {
		r.richTexts(id, fmt.Sprintf("table.rows[%d].cells", i), row.GetCells())
	}
}

func (r *report) richTexts(id, field string, texts []*articlev1.RichText) {
	for i, text := range texts {
		r.richText(id, fmt.Sprintf("%s[%d]", field, i), text)
	}
}

// richText checks the links of a text. Spans side by side that lead to the
// same place are one link for a reader.
func (r *report) richText(id, field string, t *articlev1.RichText) {
	spans := t.GetSpans()
	for i := 0; i < len(spans); {
		if spans[i].GetLink() == nil {
			i++
			continue
		}
		first, text := i, ""
		for ; i < len(spans) && sameLink(spans[i].GetLink(), spans[first].GetLink()); i++ {
			text += spans[i].GetText()
		}
		at := fmt.Sprintf("%s.spans[%d]", field, first)
		switch {
		case blank(text):
			r.add(linkEmpty, id, at, linkTarget(spans[first].GetLink()))
		case r.language.VagueLink(text):
			r.add(linkVague, id, at, text, "text", text)
		}
	}
}

func sameLink(a, b *articlev1.Link) bool {
	return a != nil && b != nil && linkTarget(a) == linkTarget(b)
}

func linkTarget(l *articlev1.Link) string {
	if l.GetResource() != "" {
		return l.GetResource()
	}
	return l.GetUri()
}

// plain returns the text without marks and links.
func plain(t *articlev1.RichText) string {
	var b strings.Builder
	for _, s := range t.GetSpans() {
		b.WriteString(s.GetText())
	}
	return b.String()
}
