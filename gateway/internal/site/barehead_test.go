package site

import (
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func TestBareHead(t *testing.T) {
	article := &articlev1.Article{
		Title: `Mugė "Lapkritis" <& kt.>`, Path: "/muge",
		Lead: &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Įžanga"}}},
	}
	const described = `<meta name="description" content="Įžanga"/>
<meta property="og:type" content="article"/>
<meta property="og:title" content="Mugė &#34;Lapkritis&#34; &lt;&amp; kt.&gt;"/>
<meta property="og:description" content="Įžanga"/>
<meta property="og:site_name" content="Naujienos"/>
`
	for _, test := range []struct{ name, base, path, want string }{
		{"a site with an address", "https://a.example", "/muge", "<link rel=\"canonical\" href=\"https://a.example/muge\"/>\n" +
			"<meta property=\"og:url\" content=\"https://a.example/muge\"/>\n" + described},
		{"a site without", "", "/muge", described},
		{"a path that leads elsewhere", "https://a.example", "//b.example/muge", described},
	} {
		t.Run(test.name, func(t *testing.T) {
			article.Path = test.path
			if got := string(bareHead(&articlev1.Site{Title: "Naujienos", BaseUri: test.base}, article)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
	if got := bareHead(&articlev1.Site{}, &articlev1.Article{}); got != "<meta property=\"og:type\" content=\"article\"/>\n" {
		t.Errorf("of nothing: %s", got)
	}
}
