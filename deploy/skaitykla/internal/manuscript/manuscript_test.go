package manuscript_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func parse(t *testing.T, source string) *manuscript.Manuscript {
	t.Helper()
	m, err := manuscript.Parse([]byte(source), "lt")
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return m
}

func TestParse(t *testing.T) {
	tests := []struct {
		name, source, want string
		notes              []string
	}{
		{
			name:   "first paragraph is the lead",
			source: "---\ntitle: Mugė\n---\nPirma.\n\nAntra.\n",
			want:   `language_code: "lt" title: "Mugė" lead { spans { text: "Pirma." } } blocks { paragraph { text { spans { text: "Antra." } } } }`,
		},
		{
			name:   "lead none",
			source: "---\ntitle: Mugė\nlead: none\n---\nPirma.\n",
			want:   `language_code: "lt" title: "Mugė" blocks { paragraph { text { spans { text: "Pirma." } } } }`,
		},
		{
			name:   "heading of level 1 is the title",
			source: "# Mugė\n\nPirma.\n",
			want:   `language_code: "lt" title: "Mugė" lead { spans { text: "Pirma." } }`,
		},
		{
			name:   "figure and its caption",
			source: "---\ntitle: M\nlead: none\n---\n![Lentyna](a%20b.jpg \"Nauja lentyna\")\n",
			want:   `language_code: "lt" title: "M" blocks { figure { placement { photo: "a b.jpg" alt: "Lentyna" caption: "Nauja lentyna" } } }`,
		},
		{
			name:   "heading followed only by pictures is a gallery's title",
			source: "---\ntitle: M\n---\n## Galerija\n\n![a](a.jpg)\n![b](b.jpg)\n\n![c](c.jpg)\n\n## Toliau\n\nTekstas.\n",
			want: `language_code: "lt" title: "M"
				blocks { gallery { title: "Galerija" placements { photo: "a.jpg" alt: "a" } placements { photo: "b.jpg" alt: "b" } placements { photo: "c.jpg" alt: "c" } } }
				blocks { heading { level: 2 text { spans { text: "Toliau" } } } }
				blocks { paragraph { text { spans { text: "Tekstas." } } } }`,
		},
		{
			name:   "list of only pictures is a gallery",
			source: "---\ntitle: M\n---\n- ![a](a.jpg)\n- ![b](b.jpg)\n",
			want:   `language_code: "lt" title: "M" blocks { gallery { placements { photo: "a.jpg" alt: "a" } placements { photo: "b.jpg" alt: "b" } } }`,
		},
		{
			name:   "marks and links",
			source: "---\ntitle: M\nlead: none\n---\n*a* **b** `c` [d](https://e.lt/?q=1&r) \\*x &amp; y\n",
			want: `language_code: "lt" title: "M" blocks { paragraph { text {
				spans { text: "a" marks: MARK_EMPHASIS } spans { text: " " } spans { text: "b" marks: MARK_STRONG } spans { text: " " }
				spans { text: "c" marks: MARK_CODE } spans { text: " " } spans { text: "d" link { uri: "https://e.lt/?q=1&r" } } spans { text: " *x & y" } } } }`,
		},
		{
			name:   "nested list and table",
			source: "---\ntitle: M\n---\n1. a\n   - b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n",
			want: `language_code: "lt" title: "M"
				blocks { list { ordered: true items { text { spans { text: "a" } } sublist { items { text { spans { text: "b" } } } } } } }
				blocks { table { header_row: true rows { cells { spans { text: "x" } } cells { spans { text: "y" } } } rows { cells { spans { text: "1" } } cells { spans { text: "2" } } } } }`,
		},
		{
			name:   "what cannot be carried over is named",
			source: "---\ntitle: M\nlead: none\nauthor: X\n---\n<div>html</div>\n\nA [b](other.md) ![r](https://e.lt/r.jpg)\n\n###### Gilu\n\n- x ![p](p.jpg)\n",
			want: `language_code: "lt" title: "M" blocks { paragraph { text { spans { text: "A b" } } } }
				blocks { heading { level: 4 text { spans { text: "Gilu" } } } } blocks { list { items { text { spans { text: "x" } } } } }`,
			notes: []string{
				`line 4: front matter field "author" is not known and was not carried over`,
				"line 6: HTML was not carried over: <div>html</div>",
				"line 8: a link was not carried over, its text was: other.md",
				"line 8: a picture on another site was not carried over; download it beside the file: https://e.lt/r.jpg",
				"line 10: a heading of level 6 became one of level 4, the deepest there is",
				"line 12: a picture inside a list was not carried over: p.jpg",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := parse(t, tt.source)
			want := &articlev1.Article{}
			if err := prototext.Unmarshal([]byte(tt.want), want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got.Article, protocmp.Transform()); diff != "" {
				t.Errorf("article (-want +got):\n%s", diff)
			}
			var notes []string
			for _, n := range got.Notes {
				notes = append(notes, n.String())
			}
			if diff := cmp.Diff(tt.notes, notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseCleans(t *testing.T) {
	m := parse(t, "\ufeff---\r\ntitle: M\r\nlead: none\r\n---\r\nMuge\u0307\tir\u00ad ka\u00adva \x07\xff\r\n")
	if got, want := m.Article.GetBlocks()[0].GetParagraph().GetText().GetSpans()[0].GetText(), "Mug\u0117 ir kava \ufffd"; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if len(m.Notes) != 3 {
		t.Errorf("notes = %v, want the encoding, the soft hyphen and the bell", m.Notes)
	}
}

func TestParseMatter(t *testing.T) {
	m := parse(t, "---\ntitle: |\n  Du\n  eilutes\ntags: [knyga, knyga, \" muge \", \"\"]\n---")
	if got, want := m.Article.GetTitle(), "Du eilutes"; got != want {
		t.Errorf("title = %q, want %q", got, want)
	}
	if diff := cmp.Diff([]string{"knyga", "muge"}, m.Article.GetTags()); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
}

func TestCover(t *testing.T) {
	for _, tt := range []struct{ name, cover, body, photo, alt, caption string }{
		{"as in the body", "./a.jpg", "![Lentyna](a.jpg \"Nauja\")", "./a.jpg", "Lentyna", "Nauja"},
		{"with its own texts", `'![Tiltas](b.jpg "Senas")'`, "Tekstas.", "b.jpg", "Tiltas", "Senas"},
		{"with no text", "b.jpg", "Tekstas.", "b.jpg", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := parse(t, "---\ntitle: M\ncover: "+tt.cover+"\n---\n"+tt.body+"\n").Article.GetCover()
			if c.GetPhoto() != tt.photo || c.GetAlt() != tt.alt || c.GetCaption() != tt.caption {
				t.Errorf("cover = %v", c)
			}
		})
	}
}

// emptySpans counts texts that an article cannot hold.
func emptySpans(m *manuscript.Manuscript) int {
	n := 0
	for _, b := range m.Article.GetBlocks() {
		for _, p := range b.GetQuote().GetParagraphs() {
			for _, s := range p.GetSpans() {
				if s.GetText() == "" {
					n++
				}
			}
		}
	}
	return n
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("---\ntitle: M\n---\n> „A\n\n![a](b.jpg)\n\n> b“\n\n## G\n![a](a)![b](b)\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		m, err := manuscript.Parse(source, "lt")
		if err != nil {
			return
		}
		if m.Article.GetTitle() == "" {
			t.Error("an article without a title")
		}
		for _, b := range m.Article.GetBlocks() {
			if b.GetContent() == nil {
				t.Error("a block without content")
			}
		}
	})
}

// quotes renders quotations as "id|paragraphs|attribution".
func quotes(m *manuscript.Manuscript) []string {
	var all []string
	for _, b := range m.Article.GetBlocks() {
		q := b.GetQuote()
		if q == nil {
			continue
		}
		var texts []string
		for _, p := range q.GetParagraphs() {
			text := ""
			for _, s := range p.GetSpans() {
				text += s.GetText()
			}
			texts = append(texts, text)
		}
		all = append(all, q.GetQuotationId()+"|"+strings.Join(texts, "/")+"|"+q.GetAttribution())
	}
	return all
}

func TestQuotations(t *testing.T) {
	const head = "---\ntitle: M\n---\n"
	tests := []struct {
		name, source string
		want         []string
	}{
		{"outer marks taken off", "> „Skaitome.“\n", []string{"|Skaitome.|"}},
		{"closing mark in other letters", "> „Skaitome *knygas*“\n", []string{"|Skaitome knygas|"}},
		{"stop in a text of its own", "> **„Skaitome“**.\n", []string{"|Skaitome.|"}},
		{"marks in texts of their own", "> **„** Skaitome **“**\n", []string{"| Skaitome |"}},
		{"stop outside", "> „Skaitome“.\n", []string{"|Skaitome.|"}},
		{"no marks", "> Skaitome.\n", []string{"|Skaitome.|"}},
		{"inner marks kept", "> „Knyga „Metai“ yra čia.“\n", []string{"|Knyga „Metai“ yra čia.|"}},
		{"two closing marks written as one", "> „Skaitome „Metus“.\n", []string{"|Skaitome „Metus“.|"}},
		{"two quotations in one paragraph", "> „A“ ir „B“\n", []string{"|„A“ ir „B“|"}},
		{"attribution", "> „Skaitome.“\n>\n> — Direktorė\n", []string{"|Skaitome.|Direktorė"}},
		{
			"goes on after a picture", "> „Pirma „Dokk1“ dalis.\n\n![a](a.jpg)\n\n> Antra „sodo“ dalis.“\n",
			[]string{"quotation-1|Pirma „Dokk1“ dalis.|", "quotation-1|Antra „sodo“ dalis.|"},
		},
		{
			"closed before the picture", "> „Pirma.“\n\n![a](a.jpg)\n\n> „Antra.“\n",
			[]string{"|Pirma.|", "|Antra.|"},
		},
		{
			"text between", "> „Pirma.\n\nTekstas.\n\n> Antra.“\n",
			[]string{"|„Pirma.|", "|Antra.“|"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, quotes(parse(t, head+tt.source))); diff != "" {
				t.Errorf("quotes (-want +got):\n%s", diff)
			}
			if n := emptySpans(parse(t, head+tt.source)); n > 0 {
				t.Errorf("%d empty spans", n)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, source, field string }{
		{"no title", "Tekstas.\n", "title"},
		{"matter not closed", "---\ntitle: M\n", ""},
		{"matter not YAML", "---\ntitle: [\n---\n", ""},
		{"unknown language", "---\ntitle: M\nlanguage: xx\n---\n", "language"},
		{"ambiguous date", "---\ntitle: M\ndate: 06.07.2024\n---\n", "date"},
		{"bad id", "---\ntitle: M\nid: A B\n---\n", "id"},
		{"bad slug", "---\ntitle: M\nslug: Ė\n---\n", "slug"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := manuscript.Parse([]byte(tt.source), "lt")
			matter, ok := errors.AsType[*manuscript.MatterError](err)
			if !ok || matter.Field != tt.field {
				t.Errorf("got %v, want a MatterError of field %q", err, tt.field)
			}
		})
	}
}

// TestFirstPage reads the first real article.
func TestFirstPage(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "..", "shared", "data", "stazuote-danijoje", "index.md"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the folder shared/data is absent: the first real article is not read")
	}
	if err != nil {
		t.Fatal(err)
	}
	m := parse(t, string(source))
	if len(m.Notes) > 0 {
		t.Errorf("notes: %v", m.Notes)
	}
	wantPictures := []string{"fgj.jpg", "hblkb.jpg", "hjl.heic", "zbg.jpg", "agf.jpg", "asf.jpg"}
	if diff := cmp.Diff(wantPictures, m.Pictures()); diff != "" {
		t.Errorf("pictures (-want +got):\n%s", diff)
	}
	var kinds []string
	for _, b := range m.Article.GetBlocks() {
		kinds = append(kinds, string(b.ProtoReflect().WhichOneof(b.ProtoReflect().Descriptor().Oneofs().ByName("content")).Name()))
	}
	wantKinds := strings.Fields("figure quote figure quote figure paragraph paragraph figure paragraph gallery")
	if diff := cmp.Diff(wantKinds, kinds); diff != "" {
		t.Errorf("blocks (-want +got):\n%s", diff)
	}
	got := quotes(m)
	if len(got) != 2 || !strings.HasPrefix(got[0], "quotation-1|Suorganizuota") || !strings.HasSuffix(got[1], "asmeniniam ir socialiniam tobulėjimui.|") {
		t.Errorf("quotation: %q", got)
	}
	if d := m.Matter.Date; d == nil || d.Year != 2024 || d.Month != 6 || d.Day != 7 {
		t.Errorf("date = %v, want 7 June 2024", d)
	}
}

func TestParseRefusesTooManyBlocks(t *testing.T) {
	source := "---\ntitle: M\nlead: none\n---\n" + strings.Repeat("Tekstas.\n\n", 500)
	parse(t, source)
	if _, err := manuscript.Parse([]byte(source+"Tekstas.\n"), "lt"); err == nil || !strings.Contains(err.Error(), "501 blocks") {
		t.Errorf("501 blocks: %v", err)
	}
}
