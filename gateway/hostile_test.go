package gateway_test

import (
	"strings"
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// evil is text that breaks out wherever it is not escaped.
const evil = `</title></style><script>alert(1)</script>"'> onload="alert(2)" <img src=x onerror=alert(3)>`

// TestHostileContent shows an article that a hostile service might send: none
// of it may become markup, lead to a script or load anything.
func TestHostileContent(t *testing.T) {
	s := newSuite(t)
	site := library()
	site.Title, site.Description, site.Color = evil, evil, "red}*{background:url(//evil.example)"
	s.articles.sites = []*articlev1.Site{site}
	a := hostile()
	s.articles.put(a)
	s.sharing.head = evil + `<meta http-equiv="refresh" content="0;url=https://evil.example">
<link rel="stylesheet" href="https://evil.example/x.css"><link rel="canonical" href="javascript:alert(1)">
<meta property="og:title" content="` + strings.ReplaceAll(evil, `"`, "&quot;") + `" onclick="alert(1)">
<script type="application/ld+json">{"name":"<\/script><script>alert(4)"}</script>
<script type="application/ld+json">alert(5)</script><script src="https://evil.example/x.js"></script><base href="//evil.example">`

	for _, path := range []string{"/pikta", "/", "/nera"} {
		resp, page := s.page(t, path, nil)
		page.checkSafe(t)
		if got := resp.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'; img-src 'self'; style-src 'self'") {
			t.Errorf("%s: Content-Security-Policy %q", path, got)
		}
		if resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
		for _, style := range page.all("style") {
			if strings.Contains(textOf(style), "evil") {
				t.Errorf("%s: style %s", path, textOf(style))
			}
		}
	}
	_, page := s.page(t, "/pikta", nil)
	if got := page.all("h1"); len(got) != 1 || textOf(got[0]) != evil {
		t.Errorf("the title is not shown as it was written: %q", textOf(got[0]))
	}
	if got := page.all("img"); len(got) != 1 || attr(got[0], "alt") != evil {
		t.Errorf("%d pictures, want the one of ours with its whole alternative text", len(got))
	}
	if got := len(page.with("script", "type", "application/ld+json")); got != 1 {
		t.Errorf("%d pieces of schema.org data, want the one that is JSON", got)
	}
}

// hostile has something evil in every field that a page shows.
func hostile() *articlev1.Article {
	rich := func(links ...*articlev1.Link) *articlev1.RichText {
		r := &articlev1.RichText{Spans: []*articlev1.Span{{Text: evil, LanguageCode: evil, Marks: []articlev1.Span_Mark{99}}}}
		for _, link := range links {
			r.Spans = append(r.Spans, &articlev1.Span{Text: evil, Link: link})
		}
		return r
	}
	links := rich(uri("javascript:alert(1)"), uri("JavaScript:alert(1)"), uri(" javascript:alert(1)"), uri("data:text/html,x"),
		uri("//evil.example"), uri(`/\evil.example`), uri("vbscript:x"), uri("https:evil"), uri("/ok\"><script>"),
		&articlev1.Link{Target: &articlev1.Link_Resource{Resource: siteName + "/articles/../../x\"><script>"}})
	photo := func(address, color string) *articlev1.PhotoPlacement {
		return &articlev1.PhotoPlacement{Photo: evil, Placed: &articlev1.PlacedPhoto{
			Alt: evil, Caption: evil, Credit: evil, License: evil, LicenseUri: "javascript:alert(1)", Width: 10, Height: 10, Color: color,
			Renditions: []*mediav1.Rendition{{Format: mediav1.Rendition_FORMAT_JPEG, Width: 10, Uri: address}},
		}}
	}
	block := func(b *articlev1.Block) *articlev1.Block { b.Id = evil; return b }
	return &articlev1.Article{
		Name: siteName + "/articles/pikta", LanguageCode: "lt", Path: "/pikta", Title: evil, Lead: rich(), Tags: []string{evil},
		FundingLines: []string{evil}, Bylines: []*articlev1.Byline{{DisplayName: evil, Role: evil}},
		PublishTimeTexts: map[string]string{"lt": evil},
		Blocks: []*articlev1.Block{
			block(&articlev1.Block{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: links}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Heading{Heading: &articlev1.Heading{Level: 9, Text: rich()}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Quote{Quote: &articlev1.Quote{
				Paragraphs: []*articlev1.RichText{rich()}, Attribution: evil, SourceUri: "javascript://example/%0aalert(1)",
			}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: photo("/media/s/p/g/10.jpg", evil)}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: photo("https://evil.example/x.jpg", "#000000")}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: photo("/media/x, https://evil.example/y.jpg 1w", "")}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{
				Title: evil, Placements: []*articlev1.PhotoPlacement{photo("//evil.example/x.jpg", "")},
			}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Table{Table: &articlev1.Table{
				Caption: evil, Rows: []*articlev1.TableRow{{Cells: []*articlev1.RichText{rich()}}},
			}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{Provider: evil, Uri: "javascript:alert(1)", Title: evil}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Embed{Embed: &articlev1.Embed{Provider: evil, Uri: "https://video.example/" + evil, Title: evil}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Attachment{Attachment: &articlev1.Attachment{
				Uri: "https://files.example/a." + evil, Title: evil, MimeType: evil, SizeBytes: 5,
			}}}),
			block(&articlev1.Block{Content: &articlev1.Block_Callout{Callout: &articlev1.Callout{
				Title: evil, Paragraphs: []*articlev1.RichText{rich()},
			}}}),
		},
	}
}
