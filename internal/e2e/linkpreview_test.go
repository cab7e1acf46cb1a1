package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // decodes social cards
	_ "image/png"  // decodes QR codes
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	qrreader "github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/net/html"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// TestLinkPreviews reads the pages of the example newsroom as networks do, and
// uses what an editor has: the check, the QR code and the sheet.
func TestLinkPreviews(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir(), "--demo")
	list, err := articlev1.NewArticleServiceClient(dial(t, suite.Article)).ListArticles(t.Context(),
		&articlev1.ListArticlesRequest{Parent: "sites/demo"})
	if err != nil || len(list.GetArticles()) == 0 {
		t.Fatalf("%d articles: %v", len(list.GetArticles()), err)
	}
	sharing := sharingv1.NewSharingServiceClient(dial(t, suite.Sharing))
	for _, a := range list.GetArticles() {
		sheet := shortSheet(t, sharing, a.GetName())
		seen := readHead(t, suite.HTTP+a.GetPath()+"?utm_source=facebook&fbclid=x")
		checkHead(t, suite, a, seen)
		checkEmbedding(t, suite, a, seen, sheet.GetShortUri())
	}
	editorTools(t, suite, list.GetArticles()[0])
}

// seenHead is what a network reads of a page.
type seenHead struct {
	address string
	meta    map[string]string
	links   map[string]string // by rel and hreflang
	data    []map[string]any  // schema.org
	oEmbed  string            // of the Link header
}

func readHead(t *testing.T, address string) seenHead {
	t.Helper()
	reply := do(t, http.MethodGet, address, "", nil)
	defer reply.Body.Close()
	root, err := html.Parse(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, reply.Status, err)
	}
	seen := seenHead{address: address, meta: map[string]string{}, links: map[string]string{}}
	if at, rest, ok := strings.Cut(strings.TrimPrefix(reply.Header.Get("Link"), "<"), ">; "); ok && strings.Contains(rest, `"application/json+oembed"`) {
		seen.oEmbed = at
	}
	for node := range root.Descendants() {
		if node.Type != html.ElementNode || node.Parent.Data != "head" {
			continue
		}
		attributes := map[string]string{}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		switch node.Data {
		case "meta":
			seen.meta[attributes["property"]+attributes["name"]] = attributes["content"]
		case "link":
			seen.links[strings.TrimSpace(attributes["rel"]+" "+attributes["hreflang"])] = attributes["href"]
		case "script":
			var data map[string]any
			if attributes["type"] == "application/ld+json" && json.Unmarshal([]byte(node.FirstChild.Data), &data) == nil {
				seen.data = append(seen.data, data)
			}
		}
	}
	return seen
}

func checkHead(t *testing.T, suite *e2e.Suite, a *articlev1.Article, seen seenHead) {
	t.Helper()
	page := suite.HTTP + a.GetPath()
	for name, want := range map[string]string{
		"og:type": "article", "og:url": page, "og:title": a.GetTitle(), "twitter:card": "summary_large_image", "og:image:type": "image/jpeg",
	} {
		if seen.meta[name] != want {
			t.Errorf("%s: %s = %q, want %q", page, name, seen.meta[name], want)
		}
	}
	for _, name := range []string{"og:description", "og:site_name", "og:locale", "og:image:alt", "article:published_time", "article:modified_time"} {
		if seen.meta[name] == "" {
			t.Errorf("%s lacks %s", page, name)
		}
	}
	if seen.links["canonical"] != page {
		t.Errorf("%s: canonical is %q", page, seen.links["canonical"])
	}
	if len(a.GetTranslations()) > 0 && (seen.links["alternate x-default"] == "" || seen.links["alternate "+a.GetLanguageCode()] != page) {
		t.Errorf("%s: language versions %v", page, seen.links)
	}
	events := 0
	if a.GetEvent() != nil {
		events = 1
	}
	if len(seen.data) != 1+events || seen.data[0]["@type"] != "NewsArticle" || events == 1 && seen.data[1]["@type"] != "Event" {
		t.Errorf("%s: schema.org data %v", page, seen.data)
	}
	picture := fetchPicture(t, seen.meta["og:image"])
	if got := fmt.Sprint(picture.Width, picture.Height); got != seen.meta["og:image:width"]+" "+seen.meta["og:image:height"] {
		t.Errorf("%s: the picture is %s, told are %s and %s", page, got, seen.meta["og:image:width"], seen.meta["og:image:height"])
	}
}

func fetchPicture(t *testing.T, address string) image.Config {
	t.Helper()
	status, body := get(t, address)
	config, _, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || status != http.StatusOK {
		t.Fatalf("%s: %d, %v", address, status, err)
	}
	return config
}

// checkEmbedding asks for the oEmbed answer where the page says, for its short
// address, and for little room.
func checkEmbedding(t *testing.T, suite *e2e.Suite, a *articlev1.Article, seen seenHead, short string) {
	t.Helper()
	for _, address := range []string{
		seen.oEmbed, suite.HTTP + "/oembed?maxwidth=320&url=" + url.QueryEscape(seen.address), suite.HTTP + "/oembed?url=" + url.QueryEscape(short+".f"),
	} {
		var answer struct {
			Type, Version, Title string
			URL                  string `json:"thumbnail_url"`
			Width                int    `json:"thumbnail_width"`
		}
		status, body := get(t, address)
		if err := json.Unmarshal(body, &answer); err != nil || status != http.StatusOK {
			t.Errorf("%s: %d, %s", address, status, body)
			continue
		}
		if answer.Type != "link" || answer.Version != "1.0" || answer.Title != a.GetTitle() || strings.Contains(address, "maxwidth") && answer.Width > 320 {
			t.Errorf("%s: %+v", address, answer)
		}
		if answer.URL != "" && fetchPicture(t, answer.URL).Width != answer.Width {
			t.Errorf("%s: the thumbnail is not %d wide", address, answer.Width)
		}
	}
}

// editorTools checks a preview and draws for paper, by the command line, and
// scans what was drawn.
func editorTools(t *testing.T, suite *e2e.Suite, a *articlev1.Article) {
	t.Helper()
	id := strings.TrimPrefix(a.GetName(), "sites/demo/articles/")
	expect(t, suite, 0, []string{"Facebook", "Mastodon", "Telegram", "address-local"}, "preview", "check", id)
	expect(t, suite, 0, []string{"Facebook", a.GetTitle()}, "preview", "check", id, "--published", "--language", "lt")
	expect(t, suite, 0, []string{`<meta property="og:title"`}, "preview", "head", id)
	dir := t.TempDir()
	for _, name := range []string{"kodas.svg", "lapas.html", "kodas.png"} {
		expect(t, suite, 0, []string{name}, "qr", id, "--out", filepath.Join(dir, name))
	}
	file, err := os.Open(filepath.Join(dir, "kodas.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	address := scanned(t, file)
	if address != strings.ToUpper(address) || !strings.HasSuffix(address, ".Q") {
		t.Errorf("the code holds %q, want capitals and its source", address)
	}
	// A phone reads scheme and host in either case; Go's client wants them small.
	at := strings.Index(address, "/S/")
	reply := do(t, http.MethodGet, strings.ToLower(address[:at])+address[at:], "", nil)
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusFound || !strings.HasSuffix(reply.Header.Get("Location"), a.GetPath()) {
		t.Errorf("%s answers %s to %q, want %s", address, reply.Status, reply.Header.Get("Location"), a.GetPath())
	}
}

// scanned reads a QR code with a reader that is not ours.
func scanned(t *testing.T, file *os.File) string {
	t.Helper()
	picture, _, err := image.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrreader.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("nothing can be read: %v", err)
	}
	return result.GetText()
}
