package gateway_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// newSiteSuite is a suite with one library and the sample article.
func newSiteSuite(t *testing.T) *suite {
	t.Helper()
	s := newSuite(t)
	s.articles.sites = []*articlev1.Site{library()}
	s.articles.put(s.sample(t))
	return s
}

func TestArticlePage(t *testing.T) {
	s := newSiteSuite(t)
	resp, page := s.page(t, "/kelione", nil)
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	page.checkSafe(t)
	cases := []struct{ what, element, key, value, want string }{
		{"language", "html", "lang", "lt", ""},
		{"skip link", "a", "href", "#main", "Pereiti prie turinio"},
		{"date", "time", "datetime", "2024-06-07T09:00:00+03:00", "2024\u00a0m. birželio 7\u00a0d."},
		{"event", "time", "datetime", "2024-09-03T18:00:00+03:00", "2024\u00a0m. rugsėjo 3\u00a0d. 18:00"},
		{"byline", "span", "class", "byline", "Ona Onaitė (tekstas)"},
		{"foreign words", "span", "lang", "en", "Central Library"},
		{"joined link", "a", "href", "https://library.example/about?a=1&b=2", "jos svetainė"},
		{"link to an article", "a", "href", "/-/articles/senas", "mūsų straipsnis"},
		{"heading", "h2", "id", "b-h1", "Ką matėme"},
		{"column header", "th", "scope", "row", "Dokas"},
		{"attachment", "a", "href", "https://biblioteka.example/ataskaita.pdf", "PDF Kelionės ataskaita (PDF, 1,5\u00a0MB)"},
		{"embed", "a", "href", "https://www.youtube.com/watch?v=x", "YouTube Atverti „Kelionės vaizdai“ svetainėje youtube.com"},
		{"gallery heading", "h2", "id", "b-g1", "Nuotraukų galerija"},
		{"larger picture", "a", "href", "/media/biblioteka/one/g1/800.jpg", ""},
		{"share heading", "h2", "id", "share", "Dalintis"},
		{"canonical", "link", "rel", "canonical", ""},
		{"feed", "link", "type", "application/rss+xml", ""},
	}
	for _, c := range cases {
		got := page.one(t, c.element, c.key, c.value).text()
		if c.want != "" && got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestQuotation: one pair of marks over a quotation in two parts, whose last
// inner quotation ends together with it.
func TestQuotation(t *testing.T) {
	s := newSiteSuite(t)
	_, page := s.page(t, "/kelione", nil)
	var got []string
	for _, quote := range page.all("blockquote") {
		for _, p := range (document{quote}).all("p") {
			got = append(got, textOf(p))
		}
	}
	want := []string{"„Skaitykla „Dokas“ atvira visą parą.", "Joje kalbasi ir vaikai.", "Todėl ją vadina „miesto svetaine“"}
	if !slices.Equal(got, want) {
		t.Errorf("quotation %q, want %q", got, want)
	}
}

func TestPictures(t *testing.T) {
	s := newSiteSuite(t)
	_, page := s.page(t, "/kelione", nil)
	pictures := page.all("img")
	if len(pictures) != 5 {
		t.Fatalf("%d pictures, want 5", len(pictures))
	}
	for i, img := range pictures {
		if lazy := attr(img, "loading") == "lazy"; lazy != (i > 0) {
			t.Errorf("picture %d: lazy is %v", i, lazy)
		}
		for _, key := range []string{"width", "height", "alt", "srcset", "sizes", "src"} {
			if attr(img, key) == "" {
				t.Errorf("picture %d has no %s", i, key)
			}
		}
	}
	if got := attr(pictures[0], "srcset"); got != "/media/biblioteka/cover/g1/600.jpg 600w, /media/biblioteka/cover/g1/1200.jpg 1200w" {
		t.Errorf("srcset %q", got)
	}
	caption := page.all("figcaption")[0]
	if got := textOf(caption); got != "Skaitykla vakare Nuotrauka: Jonas Petraitis Licencija: CC BY-SA 4.0" {
		t.Errorf("caption %q", got)
	}
	if got := len(page.with("a", "href", "https://creativecommons.org/licenses/by-sa/4.0/")); got == 0 {
		t.Error("nothing leads to the license")
	}
	if styles := page.all("style"); len(styles) != 1 || !strings.Contains(styles[0].FirstChild.Data, "#p1{background-color:#") {
		t.Error("no color before the first picture")
	}
}

func TestFrontPages(t *testing.T) {
	s := newSiteSuite(t)
	sample := s.sample(t)
	for i := range 30 {
		a := proto.CloneOf(sample)
		a.Name += string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		a.Path, a.Blocks = a.GetPath()+a.GetName()[len(siteName+"/articles/kelione"):], nil
		a.PublishTime.Seconds -= int64(i + 1)
		s.articles.put(a)
	}
	steps := []struct{ follow, want string }{
		{"", "/"}, {"next", "/?page=t13"}, {"next", "/?before=t13&page=t26"}, {"prev", "/?page=t13"}, {"prev", "/"},
	}
	path := "/"
	for _, step := range steps {
		_, page := s.page(t, path, nil)
		if step.follow != "" {
			path = attr(page.one(t, "a", "rel", step.follow).root, "href")
		}
		if path != step.want {
			t.Fatalf("%s leads to %s, want %s", step.follow, path, step.want)
		}
	}
	_, page := s.page(t, "/", nil)
	if got := len(page.all("article")); got != 13 {
		t.Errorf("%d articles, want 13", got)
	}
	_, page = s.page(t, "/en/", nil)
	if got := page.all("html")[0]; attr(got, "lang") != "en" || len(page.all("article")) != 13 {
		t.Error("the English front page is not English or does not show what there is in Lithuanian only")
	}
	if got := len(page.with("h2", "lang", "lt")); got != 13 {
		t.Errorf("%d titles say that they are Lithuanian, want 13", got)
	}
	marks := page.with("span", "class", "language")
	if len(marks) != 13 {
		t.Fatalf("%d articles are marked as in another language, want 13", len(marks))
	}
	if textOf(marks[0]) != "Lietuvių" || attr(marks[0], "lang") != "lt" || attr(marks[0], "title") != "This article is in another language: Lietuvių" {
		t.Errorf("the mark says %q (%s)", textOf(marks[0]), attr(marks[0], "title"))
	}
	if _, page = s.page(t, "/", nil); len(page.with("span", "class", "language")) != 0 {
		t.Error("articles in the language of the page are marked")
	}
}

// TestTranslations leads from each language version of an article to the other
// one, and lists each piece of news once.
func TestTranslations(t *testing.T) {
	s := newSiteSuite(t)
	lithuanian := s.sample(t)
	english := proto.CloneOf(lithuanian)
	english.Name, english.Path, english.LanguageCode, english.Title = siteName+"/articles/journey", "/en/journey", "en", "A journey"
	lithuanian.Translations = []*articlev1.Translation{{Article: english.GetName(), LanguageCode: "en", Title: "A journey", Path: "/en/journey"}}
	english.Translations = []*articlev1.Translation{
		{Article: lithuanian.GetName(), LanguageCode: "lt", Title: "Kelionė", Path: "/kelione"},
		{Article: siteName + "/articles/bad", LanguageCode: "da", Title: "Ond", Path: "//evil.example/"},
	}
	s.articles.put(lithuanian, english)
	_, page := s.page(t, "/kelione", nil)
	page.checkSafe(t)
	var links []string
	for _, link := range page.with("a", "href", "/en/journey") {
		links = append(links, textOf(link)+" "+attr(link, "lang"))
	}
	if want := []string{"English en", "English: A journey en"}; !slices.Equal(links, want) {
		t.Errorf("links %q, want %q", links, want)
	}
	var alternates []string
	for _, link := range page.all("link") {
		if code := attr(link, "hreflang"); code != "" {
			alternates = append(alternates, code+" "+attr(link, "href"))
		}
	}
	base := library().GetBaseUri()
	if want := []string{"lt " + base + "/kelione", "en " + base + "/en/journey"}; !slices.Equal(alternates, want) {
		t.Errorf("alternates %q, want %q", alternates, want)
	}
	_, page = s.page(t, "/en/journey", nil)
	if got := len(page.with("a", "hreflang", "da")); got != 0 {
		t.Error("the page leads to another host")
	}
	for path, want := range map[string]string{"/": "/kelione", "/en/": "/en/journey"} {
		_, page := s.page(t, path, nil)
		if got := page.all("h2"); len(page.all("article")) != 1 || len(page.with("a", "href", want)) != 1 {
			t.Errorf("%s lists %d titles, not just %s", path, len(got), want)
		}
	}
}

// TestOldAddresses asks for addresses of older systems, which may have all they
// say in their query.
func TestOldAddresses(t *testing.T) {
	s := newSiteSuite(t)
	s.articles.moved["/?p=123"] = "/kelione"
	s.articles.moved["/2024/06/07/kelione/"] = "/kelione"
	s.articles.moved["/index.php?id=7&page=kelione"] = "/kelione"
	s.articles.gone["/?p=9"] = true
	long := "?fbclid=" + strings.Repeat("x", 3000)
	for path, want := range map[string]string{
		"/?p=123": "301 /kelione", "/2024/06/07/kelione/": "301 /kelione", "/index.php?id=7&page=kelione": "301 /kelione",
		"/?p=9": "410 ", "/?p=1": "200 ", "/?utm_source=a": "200 ", "/" + long: "200 ", "/kelione" + long: "200 ",
		"/?page=t99": "404 ", "/nera?p=123": "404 ", "/?p=%ff": "200 ", "/?%zz": "200 ",
	} {
		resp, _ := s.page(t, path, nil)
		if got := fmt.Sprintf("%d %s", resp.StatusCode, resp.Header.Get("Location")); got != want {
			t.Errorf("%.40s: %q, want %q", path, got, want)
		}
	}
}

// TestFrontPageByOtherNames asks for front pages without their last slash, and
// for those of the default language as if it were another one.
func TestFrontPageByOtherNames(t *testing.T) {
	s := newSiteSuite(t)
	for path, want := range map[string]string{"/en": "/en/", "/lt": "/", "/lt/": "/", "/lt/feed.xml": "/feed.xml"} {
		resp, _ := s.page(t, path, nil)
		if got := resp.Header.Get("Location"); resp.StatusCode != http.StatusMovedPermanently || got != want {
			t.Errorf("%s: %s to %q, want %q", path, resp.Status, got, want)
		}
	}
	for _, path := range []string{"/da", "/lt/en", "/en/feed.xml/"} {
		if resp, _ := s.page(t, path, nil); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s, want 404", path, resp.Status)
		}
	}
}

func TestFailurePages(t *testing.T) {
	s := newSiteSuite(t)
	s.articles.gone["/nebera"] = true
	cases := []struct {
		name, path, host, language string
		status                     int
		title                      string
	}{
		{"not found", "/nera", "", "lt", 404, "Puslapis nerastas"},
		{"not found in English", "/nera", "", "en-GB,lt;q=0.5", 404, "Page not found"},
		{"the address decides", "/en/nera", "", "lt", 404, "Page not found"},
		{"gone", "/nebera", "", "lt", 410, "Straipsnis nebeskelbiamas"},
		{"unknown host", "/", "kas.example", "lt", 421, "Tokios svetainės čia nėra"},
		{"host with port and dot", "/nera", "BIBLIOTEKA.example.:8080", "lt", 404, "Puslapis nerastas"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			headers := map[string]string{"Accept-Language": c.language}
			if c.host != "" {
				headers["Host"] = c.host
			}
			resp, page := s.page(t, c.path, headers)
			if resp.StatusCode != c.status || textOf(page.all("h1")[0]) != c.title {
				t.Errorf("%s %q, want %d %q", resp.Status, textOf(page.all("h1")[0]), c.status, c.title)
			}
			if got := resp.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
		})
	}
}

// TestServicesAway: without sharing a page lacks its share links, without
// articles it answers 503.
func TestServicesAway(t *testing.T) {
	s := newSiteSuite(t)
	s.stop["sharing"]()
	s.stop["media"]()
	resp, page := s.page(t, "/kelione", nil)
	if resp.StatusCode != http.StatusOK || len(page.all("h1")) != 1 {
		t.Fatalf("%s without sharing", resp.Status)
	}
	if len(page.with("h2", "id", "share")) != 0 {
		t.Error("share links without the sharing service")
	}
	s.stop["article"]()
	resp, page = s.page(t, "/kelione", map[string]string{"Accept-Language": "en"})
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%s without articles", resp.Status)
	}
	if !strings.Contains(page.text(), "Marių biblioteka") {
		t.Error("the page has lost the name of the site")
	}
}

func TestUnchangedPage(t *testing.T) {
	s := newSiteSuite(t)
	for _, path := range []string{"/kelione", "/", "/v1/" + siteName + "/articles/kelione"} {
		resp, _ := s.page(t, path, nil)
		etag := resp.Header.Get("Etag")
		resp, body := s.do(t, http.MethodGet, path, map[string]string{"If-None-Match": etag}, nil)
		if resp.StatusCode != http.StatusNotModified || len(body) != 0 {
			t.Errorf("%s: %s with %d bytes, want 304", path, resp.Status, len(body))
		}
		if resp.Header.Get("Etag") != etag {
			t.Errorf("%s: etag %q, want %q", path, resp.Header.Get("Etag"), etag)
		}
	}
}
