package preview_test

import (
	"encoding/json"
	"flag"
	"net/url"
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
	p, err := preview.Render(published.Article{Site: published.Site{Resource: site}, Resource: article}, preview.Room{})
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
		{"full.html", translated()},
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

// translated returns an article in three languages.
func translated() *articlev1.Article {
	article := sharingtest.Article()
	article.Translations = []*articlev1.Translation{
		{Article: sharingtest.SiteName + "/articles/visit", LanguageCode: "en", Title: "A visit", Path: "/en/a-visit"},
		{Article: sharingtest.SiteName + "/articles/besog", LanguageCode: "da", Title: "Et besøg", Path: "/da/et-besoeg"},
	}
	return article
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
		case "hreflang":
			e.Name += " " + attribute.Val
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
	article.Translations = []*articlev1.Translation{{LanguageCode: "en", Title: text, Path: "/en/" + text}}
	return site, article
}

func checkHead(t *testing.T, p *sharingv1.RenderPreviewResponse, want []element) {
	t.Helper()
	elements := parseHead(t, p.GetHeadHtml())
	var shape []element
	values := map[string]string{}
	var scripts []string
	for _, e := range elements {
		shape = append(shape, element{Tag: e.Tag, Name: e.Name})
		values[e.Name] = e.Value
		if e.Tag == "script" {
			scripts = append(scripts, e.Value)
		}
	}
	if diff := cmp.Diff(want, shape); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"og:title": p.GetTitle(), "og:description": p.GetDescription(), "twitter:description": p.GetDescription(),
		"og:site_name": p.GetSiteTitle(), "og:image:alt": p.GetImage().GetAlt(), "article:tag": p.GetTags()[0],
		"article:author": p.GetAuthors()[0], "author": p.GetAuthors()[0],
	} {
		if got := values[name]; got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if strings.ContainsAny(p.GetTitle(), "\r\n\t\x00") {
		t.Errorf("title %q is not one plain line", p.GetTitle())
	}
	if diff := cmp.Diff([]string{p.GetJsonLd(), p.GetEventJsonLd()}, scripts); diff != "" {
		t.Errorf("scripts (-want +got):\n%s", diff)
	}
	checkNews(t, p)
	checkEvent(t, p)
	checkOEmbed(t, p)
}

// unwrap decodes JSON as Mastodon does, which decodes HTML entities in it
// first: nothing of the text may change by that, nor end an element.
func unwrap(t *testing.T, text string, to any) {
	t.Helper()
	if strings.ContainsAny(text, "<>&\n") {
		t.Errorf("JSON %q holds markup", text)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), to); err != nil {
		t.Fatalf("JSON %q: %v", text, err)
	}
}

func checkNews(t *testing.T, p *sharingv1.RenderPreviewResponse) {
	t.Helper()
	type entity struct {
		Type string `json:"@type"`
		Name string `json:"name"`
	}
	var data struct {
		entity
		Headline, Description string
		Author                []entity
		Publisher             entity
		About                 entity
	}
	unwrap(t, p.GetJsonLd(), &data)
	if data.Type != "NewsArticle" || data.Headline != p.GetTitle() || data.Description != p.GetDescription() {
		t.Errorf("JSON-LD says %+v", data)
	}
	if data.Author[0].Name != p.GetAuthors()[0] || data.Publisher.Name != p.GetSiteTitle() || data.About != (entity{"Event", p.GetTitle()}) {
		t.Errorf("JSON-LD says %+v", data)
	}
}

func checkEvent(t *testing.T, p *sharingv1.RenderPreviewResponse) {
	t.Helper()
	var data struct {
		Type              string `json:"@type"`
		Name, Description string
		Location          struct{ Name string }
	}
	unwrap(t, p.GetEventJsonLd(), &data)
	if data.Type != "Event" || data.Name != p.GetTitle() || data.Description != p.GetDescription() || data.Location.Name == "" {
		t.Errorf("JSON-LD of the event says %+v", data)
	}
}

func checkOEmbed(t *testing.T, p *sharingv1.RenderPreviewResponse) {
	t.Helper()
	var data map[string]any
	unwrap(t, p.GetOembedJson(), &data)
	if data["title"] != p.GetTitle() || data["author_name"] != p.GetAuthors()[0] || data["provider_name"] != p.GetSiteTitle() {
		t.Errorf("oEmbed says %v", data)
	}
	address, err := url.Parse(p.GetOembedUri())
	if err != nil || address.Query().Get("url") != p.GetCanonicalUri() {
		t.Errorf("oEmbed is at %q (%v), want the url %q in it", p.GetOembedUri(), err, p.GetCanonicalUri())
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
