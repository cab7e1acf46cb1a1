package gateway_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestPrintKitOfWithdrawn says of what is for paper that the article was
// withdrawn, as the pages of the article and of its link do.
func TestPrintKitOfWithdrawn(t *testing.T) {
	d := newLinkSuite(t)
	for path, lists := range map[string]int{"/-/articles/nebera/print": 0, "/-/qr/" + codeGone + ".svg": 1, "/-/qr/" + codeGone + ".png": 1} {
		resp, page := d.page(t, path, map[string]string{"Host": "biblioteka.example", "Accept-Language": "lt"})
		if resp.StatusCode != http.StatusGone || textOf(page.all("h1")[0]) != "Straipsnis nebeskelbiamas" || resp.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s, %q, %v", path, resp.Status, textOf(page.all("h1")[0]), resp.Header)
		}
		if got := len(page.with("ul", "class", "instead")); got != lists {
			t.Errorf("%s offers %d lists of articles, want %d", path, got, lists)
		}
	}
}

// TestPartsAway says which part of the site is away, and leads home, while the
// sharing service is.
func TestPartsAway(t *testing.T) {
	s := newSiteSuite(t)
	s.stop["sharing"]()
	tests := []struct{ path, language, title, home string }{
		{"/feed.xml", "lt", "Naujienų kanalai laikinai neveikia", "/"},
		{"/en/atom.xml", "lt", "The news feeds are temporarily unavailable", "/en/"},
		{"/sitemap.xml", "en", "The news feeds are temporarily unavailable", "/en/"},
		{"/-/articles/kelione/print", "lt", "Spausdinimas laikinai neveikia", "/"},
		{"/-/qr/3f7k2m9q.svg", "en", "Printing is temporarily unavailable", "/en/"},
	}
	for _, test := range tests {
		t.Run(test.path, func(t *testing.T) {
			resp, page := s.page(t, test.path, map[string]string{"Accept-Language": test.language})
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" || textOf(page.all("h1")[0]) != test.title {
				t.Errorf("%s %q, want 503 %q", resp.Status, textOf(page.all("h1")[0]), test.title)
			}
			var homes []string
			for _, a := range page.with("a", "class", "button") {
				homes = append(homes, attr(a, "href"))
			}
			if !slices.Equal(homes, []string{test.home}) || !strings.Contains(page.text(), "Marių biblioteka") {
				t.Errorf("the page leads to %v, want %s", homes, test.home)
			}
		})
	}
}
