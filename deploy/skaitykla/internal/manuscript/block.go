package manuscript

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// part is a block on its way from Markdown to an article.
type part struct {
	block *articlev1.Block
	// pictures are the placements of a part that is nothing but pictures; its
	// block is made when it is known which pictures belong together.
	pictures []*articlev1.PhotoPlacement
	// title marks a heading of level 1.
	title bool
}

// reader walks the Markdown tree.
type reader struct {
	source []byte
	// firstLine is how many lines of the file stand before the source.
	firstLine int
	notes     []Note
}

func (r *reader) note(n ast.Node, format string, args ...any) {
	r.notes = append(r.notes, Note{Line: r.line(n), Text: fmt.Sprintf(format, args...)})
}

// line returns the line of the file a node begins in, from 1; 0 when the
// parser does not say.
func (r *reader) line(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			return r.firstLine + bytes.Count(r.source[:n.Lines().At(0).Start], []byte("\n")) + 1
		}
	}
	return 0
}

// parts turns the children of a document into parts.
func (r *reader) parts(document ast.Node) []part {
	var parts []part
	for n := document.FirstChild(); n != nil; n = n.NextSibling() {
		parts = append(parts, r.part(n)...)
	}
	return parts
}

func (r *reader) part(n ast.Node) []part {
	switch n := n.(type) {
	case *ast.Heading:
		return []part{r.heading(n)}
	case *ast.Paragraph, *ast.TextBlock:
		return r.paragraph(n)
	case *ast.Blockquote:
		return r.quote(n)
	case *ast.List:
		return r.list(n)
	case *extast.Table:
		return []part{{block: &articlev1.Block{Content: &articlev1.Block_Table{Table: r.table(n)}}}}
	case *ast.ThematicBreak:
		return []part{{block: &articlev1.Block{Content: &articlev1.Block_Divider{Divider: &articlev1.Divider{}}}}}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		return []part{r.code(n)}
	case *ast.HTMLBlock:
		r.note(n, "HTML was not carried over: %s", excerpt(n.Lines().Value(r.source)))
		return nil
	case *ast.LinkReferenceDefinition:
		return nil
	default:
		r.note(n, "%s was not carried over", n.Kind())
		return nil
	}
}

func (r *reader) heading(n *ast.Heading) part {
	text, pictures := r.inline(n)
	for _, p := range pictures {
		r.note(n, "a picture inside a heading was not carried over: %s", p.GetPhoto())
	}
	level := n.Level
	if level > 4 {
		r.note(n, "a heading of level %d became one of level 4, the deepest there is", level)
	}
	return part{
		title: level == 1,
		block: &articlev1.Block{Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{
			Level: int32(min(max(level, 2), 4)),
			Text:  text,
		}}},
	}
}

// paragraph is text, pictures, or text followed by the pictures in it.
func (r *reader) paragraph(n ast.Node) []part {
	text, pictures := r.inline(n)
	var parts []part
	if plain(text) != "" {
		parts = append(parts, part{block: &articlev1.Block{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: text}}}})
	}
	if len(pictures) > 0 {
		parts = append(parts, part{pictures: pictures})
	}
	return parts
}

func (r *reader) code(n ast.Node) part {
	lines := strings.TrimRight(string(n.Lines().Value(r.source)), "\n")
	return part{block: &articlev1.Block{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{
		Text: &articlev1.RichText{Spans: []*articlev1.Span{{
			Text:  strings.ReplaceAll(lines, "\t", "    "),
			Marks: []articlev1.Span_Mark{articlev1.Span_MARK_CODE},
		}}},
	}}}}
}

// list is a list of text, or a gallery when every item is one picture.
func (r *reader) list(n *ast.List) []part {
	if pictures, ok := r.pictureList(n); ok {
		return []part{{pictures: pictures}}
	}
	return []part{{block: &articlev1.Block{Content: &articlev1.Block_List{List: r.items(n)}}}}
}

func (r *reader) pictureList(n *ast.List) (all []*articlev1.PhotoPlacement, ok bool) {
	notes := len(r.notes)
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		for child := item.FirstChild(); child != nil; child = child.NextSibling() {
			text, pictures := r.inline(child)
			if plain(text) != "" || len(pictures) == 0 {
				// The list is read again as text; it is noted once.
				r.notes = r.notes[:notes]
				return nil, false
			}
			all = append(all, pictures...)
		}
	}
	return all, len(all) > 0
}

func (r *reader) items(n *ast.List) *articlev1.List {
	list := &articlev1.List{Ordered: n.IsOrdered()}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		to := &articlev1.ListItem{Text: &articlev1.RichText{}}
		for child := item.FirstChild(); child != nil; child = child.NextSibling() {
			switch child := child.(type) {
			case *ast.List:
				if to.Sublist == nil {
					to.Sublist = &articlev1.List{Ordered: child.IsOrdered()}
				}
				to.Sublist.Items = append(to.Sublist.Items, r.items(child).GetItems()...)
			case *ast.Paragraph, *ast.TextBlock:
				text, pictures := r.inline(child)
				for _, p := range pictures {
					r.note(child, "a picture inside a list was not carried over: %s", p.GetPhoto())
				}
				to.Text = appendText(to.GetText(), text)
			default:
				r.note(child, "%s inside a list was not carried over", child.Kind())
			}
		}
		list.Items = append(list.Items, to)
	}
	return list
}

func (r *reader) table(n *extast.Table) *articlev1.Table {
	table := &articlev1.Table{HeaderRow: true}
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		to := &articlev1.TableRow{}
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			text, pictures := r.inline(cell)
			for _, p := range pictures {
				r.note(cell, "a picture inside a table was not carried over: %s", p.GetPhoto())
			}
			to.Cells = append(to.Cells, text)
		}
		table.Rows = append(table.Rows, to)
	}
	return table
}

func excerpt(b []byte) string {
	words := []rune(strings.Join(strings.Fields(string(b)), " "))
	const most = 60
	if len(words) > most {
		return string(words[:most]) + "…"
	}
	return string(words)
}
