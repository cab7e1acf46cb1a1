package feeds

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	f, _ := newFeeds(t, &service{})
	tests := map[string]string{
		"/feed.xml":                              `FEED_FORMAT_RSS lt "" "" first`,
		"/atom.xml":                              `FEED_FORMAT_ATOM lt "" "" first`,
		"/feed.json":                             `FEED_FORMAT_JSON lt "" "" first`,
		"/en/feed.json":                          `FEED_FORMAT_JSON en "" "" first`,
		"/feed.xml?tag=kny%C5%B3+%26+mug%C4%97":  `FEED_FORMAT_RSS lt "knyų & mugė" "" first`,
		"/en/atom.xml?archive=2024-06-2&tag=a/b": `FEED_FORMAT_ATOM en "a/b" "2024-06-2" first`,
		"/feed.xml?utm_source=x&fbclid=1":        `FEED_FORMAT_RSS lt "" "" first`,
		"/feed.xml?tag=%ff":                      "FEED_FORMAT_RSS lt \"\uFFFD\" \"\" first",
		"/sitemap.xml":                           "SITEMAP_KIND_INDEX  first",
		"/sitemap-2024-2.xml":                    "SITEMAP_KIND_PAGES 2024-2 first",
		"/news-sitemap.xml":                      "SITEMAP_KIND_NEWS  first",
	}
	for path, want := range tests {
		if got := get(t, f, path); got.Code != http.StatusOK || got.Body.String() != want {
			t.Errorf("%s: %d %q, want %q", path, got.Code, got.Body, want)
		}
	}
	for _, path := range []string{
		"/", "/feed", "/feed.xml/", "/lt/feed.xml", "/da/feed.xml", "/en/en/feed.xml", "//feed.xml", "/x/sitemap.xml", "/sitemap-.xml",
		"/sitemap-A.xml", "/sitemap-..xml", "/sitemap-2024", "/en/robots.txt", "/feed.xml?tag=" + strings.Repeat("x", 500),
		"/feed.xml?archive=2024-06-1234567", "/sitemap-" + strings.Repeat("1", 50) + ".xml",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		if served, err := f.Serve(httptest.NewRecorder(), r, library()); served || err != nil {
			t.Errorf("%s: served %v, %v; want it left to others", path, served, err)
		}
	}
}

func TestRobots(t *testing.T) {
	f, _ := newFeeds(t, &service{})
	got := get(t, f, "/robots.txt").Body.String()
	for _, line := range []string{
		"User-agent: *", "Disallow: /v1/", "Disallow: /preview/",
		"Sitemap: https://biblioteka.lt/sitemap.xml", "Sitemap: https://biblioteka.lt/news-sitemap.xml",
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("robots.txt lacks %q:\n%s", line, got)
		}
	}
	for _, open := range []string{"/s/", "/media/", "/feed.xml"} {
		if strings.Contains(got, "Disallow: "+open) {
			t.Errorf("robots.txt closes %s", open)
		}
	}
	site := library()
	site.BaseUri = ""
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080/robots.txt", nil)
	if served, err := f.Serve(w, r, site); !served || err != nil || !strings.Contains(w.Body.String(), "Sitemap: http://127.0.0.1:8080/sitemap.xml") {
		t.Errorf("%v %v %s", served, err, w.Body)
	}
}
