package articlehtml

import (
	"html"
	"strconv"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// blocks writes the blocks that have something to show. Kinds that this
// version does not know are left out.
func (w *writer) blocks(blocks []*articlev1.Block) {
	opens, closes := quotations(blocks)
	for i, block := range blocks {
		switch content := block.GetContent().(type) {
		case *articlev1.Block_Paragraph:
			w.paragraph(content.Paragraph.GetText())
		case *articlev1.Block_Heading:
			level := min(max(content.Heading.GetLevel(), 2), 4)
			w.element("h"+strconv.Itoa(int(level)), w.rich(content.Heading.GetText()))
		case *articlev1.Block_Quote:
			w.quote(content.Quote, opens[i], closes[i])
		case *articlev1.Block_List:
			w.list(content.List, 1)
		case *articlev1.Block_Figure:
			w.figure(content.Figure.GetPlacement())
		case *articlev1.Block_Gallery:
			w.gallery(content.Gallery)
		case *articlev1.Block_Table:
			w.table(content.Table)
		case *articlev1.Block_Embed:
			w.embed(content.Embed)
		case *articlev1.Block_Attachment:
			w.attachment(content.Attachment)
		case *articlev1.Block_Callout:
			w.callout(content.Callout)
		case *articlev1.Block_Divider:
			w.WriteString("<hr>\n")
		}
	}
}

// maxDepth is where a list stops; the contract allows no deeper ones.
const maxDepth = 8

func (w *writer) list(list *articlev1.List, depth int) {
	if len(list.GetItems()) == 0 || depth > maxDepth {
		return
	}
	name := "ul"
	if list.GetOrdered() {
		name = "ol"
	}
	w.WriteString("<" + name + ">\n")
	for _, item := range list.GetItems() {
		w.WriteString("<li>" + w.rich(item.GetText()))
		w.list(item.GetSublist(), depth+1)
		w.WriteString("</li>\n")
	}
	w.WriteString("</" + name + ">\n")
}

func (w *writer) table(table *articlev1.Table) {
	if len(table.GetRows()) == 0 {
		return
	}
	w.WriteString("<table>\n")
	w.element("caption", w.text(table.GetCaption()))
	for i, row := range table.GetRows() {
		w.WriteString("<tr>")
		for j, cell := range row.GetCells() {
			name, scope := "td", ""
			switch {
			case i == 0 && table.GetHeaderRow():
				name, scope = "th", ` scope="col"`
			case j == 0 && table.GetHeaderColumn():
				name, scope = "th", ` scope="row"`
			}
			w.WriteString("<" + name + scope + ">" + w.rich(cell) + "</" + name + ">")
		}
		w.WriteString("</tr>\n")
	}
	w.WriteString("</table>\n")
}

// embed writes a link to a thing of another provider; nothing of it is loaded.
func (w *writer) embed(embed *articlev1.Embed) {
	uri, ok := w.address(embed.GetUri())
	if name := host(uri); ok && name != "" {
		w.anchor(uri, w.message("embed.open", "title", embed.GetTitle(), "host", name))
	}
}

// attachment writes a link to a document that says how large it is.
func (w *writer) attachment(attachment *articlev1.Attachment) {
	uri, ok := w.address(attachment.GetUri())
	if !ok {
		return
	}
	label := w.text(attachment.GetTitle())
	if size := attachment.GetSizeBytes(); size > 0 {
		label += " (" + w.text(w.words.Size(size)) + ")"
	}
	w.anchor(uri, label)
}

func (w *writer) anchor(uri, label string) {
	w.WriteString(`<p><a href="` + html.EscapeString(uri) + `">` + label + "</a></p>\n")
}

// callout writes a note set off from the text.
func (w *writer) callout(callout *articlev1.Callout) {
	w.WriteString("<aside>\n")
	if title := w.text(callout.GetTitle()); title != "" {
		w.element("p", "<strong>"+title+"</strong>")
	}
	for _, paragraph := range callout.GetParagraphs() {
		w.paragraph(paragraph)
	}
	w.WriteString("</aside>\n")
}

// endsWith reports whether a text ends with the closing mark of an inner
// quotation that looks like the outer one: two of them never stand side by
// side.
func endsWith(text, opening, closing string) bool {
	text = strings.TrimSpace(text)
	return strings.HasSuffix(text, closing) && strings.Contains(text, opening)
}
