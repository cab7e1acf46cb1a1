package printsheet_test

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/printsheet"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/qrcode"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const (
	address = "https://naujienos.biblioteka.lt/s/3f7k2m9q"
	scanned = "HTTPS://NAUJIENOS.BIBLIOTEKA.LT/S/3F7K2M9Q.P"
)

func printed(t *testing.T, site *articlev1.Site, article *articlev1.Article, code string) printsheet.Document {
	t.Helper()
	printer, err := printsheet.New()
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := qrcode.Encode(scanned, qrcode.LevelM)
	if err != nil {
		t.Fatal(err)
	}
	words, ok := lang.For(code)
	if !ok {
		t.Fatalf("there are no words in %s", code)
	}
	document, err := printer.Print(printsheet.Sheet{
		Article: published.Article{Site: published.Site{Resource: site}, Resource: article},
		Address: address, Code: drawn, Words: words,
	})
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// text returns what a reader sees of a document, without runs of white space,
// and its elements.
func text(t *testing.T, document []byte) (seen string, elements []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(document)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for node := range root.Descendants() {
		switch {
		case node.Type == html.ElementNode:
			elements = append(elements, node.Data)
		case node.Type == html.TextNode && node.Parent.Data != "style":
			b.WriteString(node.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), elements
}

func TestWords(t *testing.T) {
	for code, want := range map[string][]string{
		"lt": {"Nukreipkite telefono kamerą į kodą", "Paskelbta 2024 m. birželio 7 d.", "Renginys 2024 m. birželio 20 d. 17:00–19:00 Konferencijų salė"},
		"en": {"Point the camera of your phone at the code", "Published 7 June 2024", "Event 20 June 2024"},
		"da": {"Ret telefonens kamera mod koden", "Udgivet 7. juni 2024", "Arrangement 20. juni 2024"},
	} {
		seen, _ := text(t, printed(t, sharingtest.Site(), sharingtest.Article(), code).HTML)
		want = append(want, "Stažuotė Danijos bibliotekose: „ką parsivežėme?“", "Bibliotekos naujienos", "naujienos.biblioteka.lt/s/ 3f7k 2m9q")
		for _, w := range want {
			if !strings.Contains(seen, strings.Join(strings.Fields(w), " ")) {
				t.Errorf("the sheet in %s lacks %q: %s", code, w, seen)
			}
		}
	}
}

// TestNeedsNothing holds a sheet to what its policy allows: no scripts, nothing
// loaded, one style whose hash is told.
func TestNeedsNothing(t *testing.T) {
	site := sharingtest.Site()
	site.Color = "#7a1f3d"
	document := printed(t, site, sharingtest.Article(), "lt")
	for _, forbidden := range []string{"<script", "<link", "<img", "@import", "url(", " style=", " on"} {
		if _, body, _ := strings.Cut(string(document.HTML), "</style>"); strings.Contains(body, forbidden) || forbidden != " on" && strings.Contains(string(document.HTML), forbidden) {
			t.Errorf("the sheet holds %q", forbidden)
		}
	}
	_, rest, _ := strings.Cut(string(document.HTML), "<style>")
	style, _, found := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !found || document.StyleHash != want {
		t.Errorf("the hash of the style is %s, want %s", document.StyleHash, want)
	}
	if !strings.HasSuffix(style, ":root{--site:#7a1f3d}") {
		t.Errorf("the style ends with %.40q, want the color of the site", style[max(0, len(style)-40):])
	}
	site.Color = "#7a1f3d}body{display:none"
	if strings.Contains(string(printed(t, site, sharingtest.Article(), "lt").HTML), "body{display:none") {
		t.Error("what is no color came into the style")
	}
}

// TestHostileTexts prints texts that try to break out, and expects the elements
// of a harmless one and every text as it is.
func TestHostileTexts(t *testing.T) {
	poisoned := func(s string) (*articlev1.Site, *articlev1.Article) {
		site, article := sharingtest.Site(), sharingtest.Article()
		site.Title, article.Title, article.Event.Place = s, s, s
		article.Lead = &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Įžanga."}}}
		return site, article
	}
	site, article := poisoned("Ramus")
	_, want := text(t, printed(t, site, article, "lt").HTML)
	for name, s := range sharingtest.Hostile() {
		t.Run(name, func(t *testing.T) {
			site, article := poisoned(s)
			seen, elements := text(t, printed(t, site, article, "lt").HTML)
			if len(article.GetTitle()) <= 360 && strings.Join(elements, " ") != strings.Join(want, " ") {
				t.Errorf("elements %q, want %q", elements, want)
			}
			line := strings.Join(strings.Fields(richtext.Line(s)), " ")
			if strings.Count(seen, line) < 3 {
				t.Errorf("the sheet shows %q, want %q for title, site and place", seen, line)
			}
		})
	}
}
