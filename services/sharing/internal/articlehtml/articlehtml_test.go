package articlehtml_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articlehtml"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

func render(a *articlev1.Article) string {
	return articlehtml.Render(published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: a})
}

// elements are all that may stand in an article, with their attributes.
var elements = map[string][]string{
	"p": nil, "h2": nil, "h3": nil, "h4": nil, "blockquote": nil, "ul": nil, "ol": nil, "li": nil, "figure": nil, "figcaption": nil,
	"table": nil, "caption": nil, "tr": nil, "td": nil, "th": {"scope"}, "hr": nil, "aside": nil, "br": nil,
	"strong": nil, "em": nil, "code": nil, "sup": nil, "sub": nil, "span": {"lang"},
	"a": {"href", "rel"}, "img": {"src", "width", "height", "alt"},
}

// check fails for anything but these, for addresses that mean something else in
// another place, and for elements that are not closed.
func check(t *testing.T, source string) {
	t.Helper()
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(source))
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		switch token.Type {
		case html.TextToken:
			continue
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Errorf("</%s> closes %v", token.Data, open)
				return
			}
			open = open[:len(open)-1]
			continue
		default:
		}
		allowed, known := elements[token.Data]
		if token.Type != html.StartTagToken || !known {
			t.Errorf("there is %s", token)
			return
		}
		for _, attribute := range token.Attr {
			if !slices.Contains(allowed, attribute.Key) {
				t.Errorf("there is %s", token)
			}
			if (attribute.Key == "href" || attribute.Key == "src") && !strings.HasPrefix(attribute.Val, "https://") &&
				!strings.HasPrefix(attribute.Val, "mailto:") && !strings.HasPrefix(attribute.Val, "tel:") {
				t.Errorf("an address that is not absolute: %s", token)
			}
		}
		if !slices.Contains([]string{"br", "hr", "img"}, token.Data) {
			open = append(open, token.Data)
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
}

func TestRender(t *testing.T) {
	got := render(sharingtest.Whole())
	check(t, got)
	for _, want := range []string{
		`<a href="https://naujienos.biblioteka.lt/-/articles/trumpa">kitą straipsnį</a>`,
		`<a href="https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose#b-antraste">pradžią</a>`,
		"<p>„Biblioteka yra miesto svetainė</p>", "<p>ir virtuvė.“</p>", `<th scope="row">Orhusas</th>`,
		`<img src="https://naujienos.biblioteka.lt/media/sites/biblioteka/photos/orhusas/1280.jpg" width="1280" height="960"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s in\n%s", want, got)
		}
	}
	if got := render(sharingtest.Short()); got != "" {
		t.Errorf("an article of a title only is %q", got)
	}
}

// TestCoverOnce shows a cover that stands in the body where the author put it,
// once, as the page does.
func TestCoverOnce(t *testing.T) {
	for _, test := range []struct {
		name   string
		block  func(*articlev1.PhotoPlacement) *articlev1.Block
		covers int
	}{
		{"not in the body", func(*articlev1.PhotoPlacement) *articlev1.Block { return &articlev1.Block{} }, 1},
		{"a figure", func(p *articlev1.PhotoPlacement) *articlev1.Block {
			return &articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: p}}}
		}, 1},
		{"in a gallery", func(p *articlev1.PhotoPlacement) *articlev1.Block {
			return &articlev1.Block{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{p}}}}
		}, 1},
		{"another photo of the same file", func(p *articlev1.PhotoPlacement) *articlev1.Block {
			p.Photo += "-2"
			return &articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: p}}}
		}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := sharingtest.Short()
			a.Cover = sharingtest.Whole().GetCover()
			a.Lead = sharingtest.Text("įžanga")
			a.Blocks = []*articlev1.Block{test.block(proto.CloneOf(a.GetCover()))}
			if got := render(a); strings.Count(got, "<img ") != test.covers {
				t.Errorf("the cover is there %d times, want %d, in\n%s", strings.Count(got, "<img "), test.covers, got)
			}
		})
	}
}

// TestRenderAnything puts hostile texts and addresses everywhere.
func TestRenderAnything(t *testing.T) {
	for name, text := range sharingtest.Hostile() {
		t.Run(name, func(t *testing.T) {
			a := sharingtest.Whole()
			rich := sharingtest.Text(text)
			rich.Spans[0].LanguageCode = text
			rich.Spans[0].Link = &articlev1.Link{Target: &articlev1.Link_Uri{Uri: text}}
			a.Lead, a.FundingLines, a.Event.Place = rich, []string{text}, text
			a.Cover.Placed.Alt, a.Cover.Placed.Caption, a.Cover.Placed.Credit = text, text, text
			a.Cover.Placed.License, a.Cover.Placed.LicenseUri = text, text
			a.Blocks = append(a.Blocks,
				&articlev1.Block{Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{Provider: text, Uri: "https://a.example/" + text, Title: text}}},
				&articlev1.Block{Content: &articlev1.Block_Attachment{Attachment: &articlev1.Attachment{Uri: "/" + text, Title: text}}},
				&articlev1.Block{Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{
					Paragraphs: []*articlev1.RichText{rich}, Attribution: text, SourceUri: text,
				}}},
				&articlev1.Block{Content: &articlev1.Block_Callout{Callout: &articlev1.Callout{Title: text, Paragraphs: []*articlev1.RichText{rich}}}},
				&articlev1.Block{Content: &articlev1.Block_Table{Table: &articlev1.Table{Caption: text, Rows: []*articlev1.TableRow{{Cells: []*articlev1.RichText{rich}}}}}},
				&articlev1.Block{},
			)
			got := render(a)
			check(t, got)
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\x1b\u0085\u202e\u2028\ufffe\r") {
				t.Errorf("control characters in %q", got)
			}
		})
	}
}

// TestAddresses leaves out links that lead where no reader is to be sent.
func TestAddresses(t *testing.T) {
	for uri, want := range map[string]string{
		"javascript:alert(1)": "", "JavaScript:alert(1)": "", "data:text/html,x": "", "//evil.example/": "", `/\evil.example`: "",
		"https://": "", "ftp://a.example/": "", "https://a.example/ b": "", "": "",
		"https://a.example/?a=1&b=2": "https://a.example/?a=1&amp;b=2", "mailto:info@biblioteka.lt": "mailto:info@biblioteka.lt",
		"tel:+37060000000": "tel:+37060000000", "/apie": "https://naujienos.biblioteka.lt/apie",
	} {
		a := sharingtest.Short()
		a.Lead = sharingtest.Text("žodis")
		a.Lead.Spans[0].Link = &articlev1.Link{Target: &articlev1.Link_Uri{Uri: uri}}
		link := "<p>žodis</p>\n"
		if want != "" {
			link = `<p><a href="` + want + `">žodis</a></p>` + "\n"
		}
		if got := render(a); got != link {
			t.Errorf("%q became %q, want %q", uri, got, link)
		}
	}
}
