package diff_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/diff"
)

func rich(parts ...string) *articlev1.RichText {
	text := &articlev1.RichText{}
	for _, s := range parts {
		text.Spans = append(text.Spans, &articlev1.Span{Text: s})
	}
	return text
}

func paragraph(id, text string) *articlev1.Block {
	return &articlev1.Block{Id: id, Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: rich(text)}}}
}

func list(items ...string) *articlev1.Block {
	l := &articlev1.List{}
	for _, s := range items {
		l.Items = append(l.Items, &articlev1.ListItem{Text: rich(s)})
	}
	return &articlev1.Block{Id: "x", Content: &articlev1.Block_List{List: l}}
}

func gallery(id string, captions ...string) *articlev1.Block {
	g := &articlev1.Gallery{}
	for _, c := range captions {
		photo, caption, _ := strings.Cut(c, ":")
		g.Placements = append(g.Placements, &articlev1.PhotoPlacement{Photo: "sites/s/photos/" + photo, Caption: new(caption)})
	}
	return &articlev1.Block{Id: id, Content: &articlev1.Block_Gallery{Gallery: g}}
}

// told writes texts as "path: the [-old-]{+new+} text".
func told(texts []*articlev1.TextDiff) string {
	var lines []string
	for _, t := range texts {
		var b strings.Builder
		for _, s := range t.GetSegments() {
			switch s.GetKind() {
			case articlev1.TextDiff_KIND_DELETED:
				fmt.Fprintf(&b, "[-%s-]", s.GetText())
			case articlev1.TextDiff_KIND_INSERTED:
				fmt.Fprintf(&b, "{+%s+}", s.GetText())
			default:
				b.WriteString(s.GetText())
			}
		}
		lines = append(lines, t.GetPath()+": "+b.String())
	}
	return strings.Join(lines, "\n")
}

func toldBlocks(blocks []*articlev1.BlockDiff) string {
	var words []string
	for _, b := range blocks {
		word := strings.ToLower(strings.TrimPrefix(b.GetChange().String(), "CHANGE_")) + " " + b.GetBlockId()
		if b.GetMoved() && b.GetChange() == articlev1.BlockDiff_CHANGE_EDITED {
			word += " moved"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

func TestBlocks(t *testing.T) {
	body := func(ids string) []*articlev1.Block {
		var blocks []*articlev1.Block
		for word := range strings.FieldsSeq(ids) {
			id, text, _ := strings.Cut(word, "=")
			blocks = append(blocks, paragraph(id, text))
		}
		return blocks
	}
	for _, c := range []struct{ name, base, to, want string }{
		{"the same", "a b c", "a b c", ""},
		{"all are new", "", "a b", "added a, added b"},
		{"all are gone", "a b", "", "removed a, removed b"},
		{"edited", "a b c", "a b=x c", "edited b"},
		{"moved", "a b c d", "b c d a", "moved a"},
		{"moved and edited", "a b c d", "b c a=x d", "edited a moved"},
		{"removed ones stand where they stood", "a b c d e", "a x d e y", "removed b, removed c, added x, added y"},
		{"removed at the end", "a b c", "a", "removed b, removed c"},
		{"all at once", "a b c d", "c=x n a d=y", "edited c moved, added n, removed b, edited d"},
	} {
		fields, blocks := diff.Articles(&articlev1.Article{Blocks: body(c.base)}, &articlev1.Article{Blocks: body(c.to)})
		if diff := cmp.Diff(c.want, toldBlocks(blocks)); diff != "" || len(fields) != 0 {
			t.Errorf("%s: %s, fields %v", c.name, diff, fields)
		}
	}
}

func TestBlockSides(t *testing.T) {
	was, is, gone, fresh := paragraph("a", "Pirma knyga."), paragraph("a", "Antra knyga."), paragraph("b", ""), paragraph("c", "")
	_, blocks := diff.Articles(&articlev1.Article{Blocks: []*articlev1.Block{was, gone}}, &articlev1.Article{Blocks: []*articlev1.Block{is, fresh}})
	if got := toldBlocks(blocks); got != "edited a, removed b, added c" {
		t.Fatalf("got %s", got)
	}
	for i, want := range [][2]*articlev1.Block{{was, is}, {gone, nil}, {nil, fresh}} {
		if blocks[i].GetBaseBlock() != want[0] || blocks[i].GetBlock() != want[1] {
			t.Errorf("%s: got %v", blocks[i].GetBlockId(), blocks[i])
		}
	}
	if got := told(blocks[0].GetTexts()); got != "paragraph.text: [-Pirma-]{+Antra+} knyga." {
		t.Errorf("got %s", got)
	}
}

func TestMembersOfBlocks(t *testing.T) {
	table := func(rows ...string) *articlev1.Block {
		table := &articlev1.Table{}
		for _, cells := range rows {
			row := &articlev1.TableRow{}
			for cell := range strings.FieldsSeq(cells) {
				row.Cells = append(row.Cells, rich(cell))
			}
			table.Rows = append(table.Rows, row)
		}
		return &articlev1.Block{Id: "x", Content: &articlev1.Block_Table{Table: table}}
	}
	for _, c := range []struct {
		name     string
		base, to *articlev1.Block
		want     string
	}{
		{"an item in front", list("viena", "dvi"), list("nulis", "viena", "dvi"), "list.items[0].text: {+nulis+}"},
		{"an item gone", list("viena", "dvi", "trys"), list("viena", "trys"), "list.items[1].text: [-dvi-]"},
		{
			"an item edited, one after it", list("viena", "dvi knygos", "trys"), list("viena", "dvi geros knygos", "nauja", "trys"),
			"list.items[1].text: dvi {+geros +}knygos\nlist.items[2].text: {+nauja+}",
		},
		{
			"a photo in front, a caption edited", gallery("x", "a:Langas", "b:Durys"), gallery("x", "c:Stogas", "a:Langas", "b:Senos durys"),
			"gallery.placements[0].photo: {+sites/s/photos/c+}\ngallery.placements[0].caption: {+Stogas+}\n" +
				"gallery.placements[2].caption: [-Durys-]{+Senos durys+}",
		},
		{"a cell", table("a b", "c d", "e f"), table("a b", "c x", "e f"), "table.rows[1].cells[1]: [-d-]{+x+}"},
		{
			"a column", table("a b", "c d"), table("a n b", "c m d"),
			"table.rows[0].cells[1]: {+n+}\ntable.rows[1].cells[1]: {+m+}",
		},
		{
			"another type", paragraph("x", "Antraštė"),
			&articlev1.Block{Id: "x", Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{Level: 2, Text: rich("Antraštė")}}},
			"paragraph.text: [-Antraštė-]\nheading.text: {+Antraštė+}",
		},
	} {
		_, blocks := diff.Articles(&articlev1.Article{Blocks: []*articlev1.Block{c.base}}, &articlev1.Article{Blocks: []*articlev1.Block{c.to}})
		if len(blocks) != 1 || blocks[0].GetChange() != articlev1.BlockDiff_CHANGE_EDITED {
			t.Errorf("%s: got %v", c.name, blocks)
			continue
		}
		if diff := cmp.Diff(c.want, told(blocks[0].GetTexts())); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestFields(t *testing.T) {
	base := &articlev1.Article{
		Title: "Knygų mugė", Slug: "knygu-muge", Tags: []string{"knygos", "mugė"}, Lead: rich("Ateikite ", "visi."),
		Bylines: []*articlev1.Byline{{DisplayName: "Ona", Role: "tekstas"}}, Event: &articlev1.Event{Place: "Vilnius"},
	}
	to := &articlev1.Article{
		Title: "Didžioji knygų mugė", Slug: "knygu-muge", Tags: []string{"Vilnius", "knygos", "mugė"}, Lead: rich("Ateikite visi."),
		Bylines: []*articlev1.Byline{{DisplayName: "Ona", Role: "vertimas"}, {DisplayName: "Jonas"}},
		Cover:   &articlev1.PhotoPlacement{Photo: "sites/s/photos/p", Decorative: true},
	}
	fields, blocks := diff.Articles(base, to)
	if len(blocks) != 0 {
		t.Errorf("got blocks %v", blocks)
	}
	var got []string
	for _, f := range fields {
		got = append(got, f.GetField(), told(f.GetTexts()))
	}
	want := []string{
		"title", "title: [-Knygų-]{+Didžioji knygų+} mugė",
		"lead", "", // the same words in other spans
		"cover", "cover.photo: {+sites/s/photos/p+}",
		"tags", "tags[0]: {+Vilnius+}",
		"bylines", "bylines[0].role: [-tekstas-]{+vertimas+}\nbylines[1].display_name: {+Jonas+}",
		"event", "event.place: [-Vilnius-]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFormattingNamesNoText(t *testing.T) {
	plain, bold := paragraph("a", "Svarbu"), paragraph("a", "Svarbu")
	bold.GetParagraph().GetText().GetSpans()[0].Marks = []articlev1.Span_Mark{articlev1.Span_MARK_STRONG}
	_, blocks := diff.Articles(&articlev1.Article{Blocks: []*articlev1.Block{plain}}, &articlev1.Article{Blocks: []*articlev1.Block{bold}})
	if toldBlocks(blocks) != "edited a" || blocks[0].GetTexts() != nil {
		t.Errorf("got %v", blocks)
	}
}

// Seeded articles that were edited at random: what is told leads from one to the
// other, and back.
func TestRandomEdits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("knyga knygos, skaitykla. biblioteka – „langas“ 3,5 ė ąžuolas\n a a a b")
	text := func() string {
		words := make([]string, random.IntN(20))
		for i := range words {
			words[i] = vocabulary[random.IntN(len(vocabulary))]
		}
		return strings.Join(words, " ")
	}
	body := func() *articlev1.Article {
		a := &articlev1.Article{Title: text(), Lead: rich(text(), text())}
		for _, n := range random.Perm(8)[:random.IntN(8)] {
			a.Blocks = append(a.Blocks, paragraph(fmt.Sprint(n), text()))
		}
		return a
	}
	for range 300 {
		base, to := body(), body()
		fields, blocks := diff.Articles(base, to)
		for _, f := range fields {
			sides(t, f.GetTexts(), map[string][2]string{
				"title": {base.GetTitle(), to.GetTitle()}, "lead": {plain(base.GetLead()), plain(to.GetLead())},
			})
		}
		for _, b := range blocks {
			sides(t, b.GetTexts(), map[string][2]string{
				"paragraph.text": {plain(b.GetBaseBlock().GetParagraph().GetText()), plain(b.GetBlock().GetParagraph().GetText())},
			})
		}
		if fields, blocks = diff.Articles(to, proto.CloneOf(to)); len(fields)+len(blocks) != 0 {
			t.Fatalf("an article differs from itself: %v %v", fields, blocks)
		}
	}
}

func plain(text *articlev1.RichText) string {
	var b strings.Builder
	for _, s := range text.GetSpans() {
		b.WriteString(s.GetText())
	}
	return b.String()
}

// sides fails unless each text's segments make up both sides.
func sides(t *testing.T, texts []*articlev1.TextDiff, want map[string][2]string) {
	t.Helper()
	for _, text := range texts {
		var was, is string
		var last articlev1.TextDiff_Kind
		for _, s := range text.GetSegments() {
			if s.GetText() == "" || s.GetKind() == last || s.GetKind() == 0 {
				t.Errorf("%s: a segment is empty, or like the one before: %v", text.GetPath(), text.GetSegments())
			}
			last = s.GetKind()
			if last != articlev1.TextDiff_KIND_INSERTED {
				was += s.GetText()
			}
			if last != articlev1.TextDiff_KIND_DELETED {
				is += s.GetText()
			}
		}
		sides, known := want[text.GetPath()]
		if !known || was != sides[0] || is != sides[1] || was == is {
			t.Errorf("%s: got %q and %q, want %q", text.GetPath(), was, is, sides)
		}
	}
}
