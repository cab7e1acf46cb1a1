package preview_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t *testing.T, site *articlev1.Site, article *articlev1.Article) *sharingv1.RenderPreviewResponse {
	t.Helper()
	p, err := preview.Render(published.Article{Site: published.Site{Resource: site}, Resource: article})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestHeadGolden(t *testing.T) {
	tests := []struct {
		file    string
		article *articlev1.Article
	}{
		{"full.html", sharingtest.Article()},
		{"short.html", sharingtest.Short()},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			got := render(t, sharingtest.Site(), test.article).GetHeadHtml()
			file := filepath.Join("testdata", test.file)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("head differs from %s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// element is an element of a head as a parser sees it.
type element struct{ Tag, Name, Value string }

// parseHead returns the elements in the head of a page that holds them, and
// fails when any text or element ended up elsewhere.
func parseHead(t *testing.T, head string) []element {
	t.Helper()
	page, err := html.Parse(strings.NewReader("<!DOCTYPE html><html><head>" + head + "</head><body></body></html>"))
	if err != nil {
		t.Fatal(err)
	}
	var found []element
	for node := range page.Descendants() {
		if node.Parent == nil || node.Parent.Data != "head" {
			if node.Type == html.TextNode && node.Parent.Data != "script" {
				t.Errorf("text %q in %s", node.Data, node.Parent.Data)
			}
			continue
		}
		switch {
		case node.Type == html.ElementNode:
			found = append(found, elementOf(t, node))
		case strings.TrimSpace(node.Data) != "":
			t.Errorf("%q stands loose in the head", node.Data)
		}
	}
	return found
}

func elementOf(t *testing.T, node *html.Node) element {
	t.Helper()
	e := element{Tag: node.Data}
	for _, attribute := range node.Attr {
		switch attribute.Key {
		case "name", "property", "rel", "type":
			e.Name = attribute.Val
		case "content", "href":
			e.Value = attribute.Val
		default:
			t.Errorf("element %s has an attribute %q", node.Data, attribute.Key)
		}
	}
	if node.Data == "script" && node.FirstChild != nil {
		e.Value = node.FirstChild.Data
	}
	return e
}

// TestHeadHoldsWhateverText renders an article whose every text is hostile and
// expects the elements of a harmless one.
func TestHeadHoldsWhateverText(t *testing.T) {
	site, article := poisoned("Ramus tekstas")
	var want []element
	for _, e := range parseHead(t, render(t, site, article).GetHeadHtml()) {
		want = append(want, element{Tag: e.Tag, Name: e.Name})
	}
	for name, text := range sharingtest.Hostile() {
		t.Run(name, func(t *testing.T) {
			site, article := poisoned(text)
			p := render(t, site, article)
			checkHead(t, p, want)
		})
	}
}

// poisoned returns a site and an article with the text everywhere.
func poisoned(text string) (*articlev1.Site, *articlev1.Article) {
	site, article := sharingtest.Site(), sharingtest.Article()
	site.Title, site.Publisher.Title = text, text
	article.Title = text
	article.Lead = &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}
	article.Tags, article.Topics = []string{text}, []string{text}
	article.Bylines = []*articlev1.Byline{{DisplayName: text}}
	article.Event.Place = text
	article.Cover = sharingtest.Placement("sites/biblioteka/photos/a", text)
	return site, article
}

func checkHead(t *testing.T, p *sharingv1.RenderPreviewResponse, want []element) {
	t.Helper()
	elements := parseHead(t, p.GetHeadHtml())
	var shape []element
	values := map[string]string{}
	for _, e := range elements {
		shape = append(shape, element{Tag: e.Tag, Name: e.Name})
		values[e.Name] = e.Value
	}
	if diff := cmp.Diff(want, shape); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
	if got := values["og:title"]; got != p.GetTitle() {
		t.Errorf("og:title = %q, want %q", got, p.GetTitle())
	}
	if strings.ContainsAny(p.GetTitle(), "\r\n\t\x00") {
		t.Errorf("title %q is not one plain line", p.GetTitle())
	}
	checkJSON(t, values["application/ld+json"], p)
}

func checkJSON(t *testing.T, text string, p *sharingv1.RenderPreviewResponse) {
	t.Helper()
	if text != p.GetJsonLd() || strings.ContainsAny(text, "<>&\n") {
		t.Errorf("script holds %q, want %q without markup", text, p.GetJsonLd())
	}
	var data struct {
		Type     string `json:"@type"`
		Headline string `json:"headline"`
		About    struct {
			Type string `json:"@type"`
		} `json:"about"`
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &data); err != nil {
		t.Fatalf("JSON-LD %q: %v", text, err)
	}
	if data.Type != "NewsArticle" || data.Headline != p.GetTitle() || data.About.Type != "Event" {
		t.Errorf("JSON-LD says %+v", data)
	}
}

func FuzzHead(f *testing.F) {
	for _, text := range sharingtest.Hostile() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		site, article := poisoned("x" + text) // never empty: an element without a value is left out
		site2, plain := poisoned("x")
		var want []element
		for _, e := range parseHead(t, render(t, site2, plain).GetHeadHtml()) {
			want = append(want, element{Tag: e.Tag, Name: e.Name})
		}
		p := render(t, site, article)
		if p.GetDescription() == "" {
			return // one character made of more than 200 has no beginning
		}
		checkHead(t, p, want)
	})
}
