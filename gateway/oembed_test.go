package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// oEmbedOf is the answer of the sharing service for an article: what it was
// asked for.
func oEmbedOf(req *sharingv1.RenderPreviewRequest) string {
	return fmt.Sprintf(`{"version":"1.0","type":"link","title":%q,"asked":"%dx%d"}`, req.GetArticle(), req.GetMaxWidth(), req.GetMaxHeight())
}

func embed(t *testing.T, s *suite, query string) (answer, map[string]any) {
	t.Helper()
	resp, body := s.do(t, http.MethodGet, "/oembed?"+query, map[string]string{"Origin": "https://elsewhere.example"}, nil)
	if got := resp.Header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("%s: Access-Control-Allow-Origin is %q, want *", query, got)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: Content-Type is %q, nosniff %q", query, resp.Header.Get("Content-Type"), resp.Header.Get("X-Content-Type-Options"))
	}
	var data map[string]any
	if err := json.Unmarshal(body, &data); err != nil {
		t.Fatalf("%s: %v in %s", query, err, body)
	}
	if resp.StatusCode >= 400 && (strings.Contains(string(body), "evil") || strings.Contains(string(body), "<")) {
		t.Errorf("%s: the error repeats what was sent: %s", query, body)
	}
	return resp, data
}

func TestOEmbed(t *testing.T) {
	s := newSiteSuite(t)
	s.articles.moved["/sena"] = "/kelione"
	s.links(t)
	english := s.sample(t)
	english.Name, english.LanguageCode, english.Path = siteName+"/articles/journey", "en", "/en/journey"
	s.articles.put(english)
	const journey, trip = siteName + "/articles/journey", siteName + "/articles/kelione"
	here := s.base
	for _, test := range []struct{ address, rest, title, asked string }{
		{"https://biblioteka.example/kelione", "", trip, "0x0"},
		{"https://biblioteka.example/kelione", "&format=json&maxwidth=320&maxheight=240", trip, "320x240"},
		{"https://biblioteka.example/kelione", "&maxwidth=99999999999999999999", trip, "2147483647x0"},
		{"http://biblioteka.example/kelione", "", trip, "0x0"},
		{"https://BIBLIOTEKA.example.:443/kelione#vieta", "", trip, "0x0"},
		{"https://biblioteka.example/kelione?utm_source=facebook", "", trip, "0x0"},
		{"https://biblioteka.example/en/journey", "", journey, "0x0"},
		{"https://biblioteka.example/-/articles/kelione", "", trip, "0x0"},
		{"https://biblioteka.example/s/" + codeFound, "", trip, "0x0"},
		{"https://biblioteka.example/S/" + strings.ToUpper(codeFound) + ".Q", "", trip, "0x0"},
		{"https://biblioteka.example/s/" + wordsFound + ".f", "", trip, "0x0"},
		{here + "/kelione", "", trip, "0x0"},
	} {
		resp, data := embed(t, s, "url="+url.QueryEscape(test.address)+test.rest)
		want := map[string]any{"version": "1.0", "type": "link", "title": test.title, "asked": test.asked}
		if diff := cmp.Diff(want, data); resp.StatusCode != http.StatusOK || diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.address, resp.Status, diff)
		}
		if resp.Header.Get("ETag") == "" || resp.Header.Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s: ETag %q, Cache-Control %q", test.address, resp.Header.Get("ETag"), resp.Header.Get("Cache-Control"))
		}
	}
}

func TestOEmbedRefuses(t *testing.T) {
	s := newSiteSuite(t)
	s.articles.gone["/buvo"] = true
	s.links(t)
	asked := func(address string) string { return "url=" + url.QueryEscape(address) }
	const fine = "url=https%3A%2F%2Fbiblioteka.example%2Fkelione"
	for _, test := range []struct {
		query string
		code  int
	}{
		{"", 400},
		{"url=", 400},
		{"url=%zz", 400},
		{"url=kelione", 400},
		{"url=%2Fkelione", 400},
		{fine + "&" + fine, 400},
		{fine + "&maxwidth=0", 400},
		{fine + "&maxwidth=-1", 400},
		{fine + "&maxheight=evil%3Cscript%3E", 400},
		{fine + "&maxheight=1e3", 400},
		{fine + "&format=xml", 501},
		{fine + "&format=evil", 501},
		{asked("javascript:alert('evil')//biblioteka.example"), 400},
		{asked("file:///evil"), 400},
		{asked("https://user:evil@biblioteka.example/kelione"), 400},
		{asked("https://biblioteka.example/" + strings.Repeat("a", 2000)), 400},
		{asked("https://evil.example/kelione"), 404},
		{asked("https://evil.example/https://biblioteka.example/kelione"), 404},
		{asked("https://biblioteka.example.evil.example/kelione"), 404},
		{asked("https://evil.example#@biblioteka.example/kelione"), 404},
		{asked("https://evil.example\\@biblioteka.example/kelione"), 400},
		{asked("https://biblioteka.example:8443/kelione"), 404},
		{asked("http://169.254.169.254/latest/meta-data"), 404},
		{asked("http://[::1]:7001/"), 404},
		{asked("https://biblioteka.example/"), 404},
		{asked("https://biblioteka.example"), 404},
		{asked("https://biblioteka.example/nera"), 404},
		{asked("https://biblioteka.example/buvo"), 404},
		{asked("https://biblioteka.example/s/" + mistyped(codeFound)), 404},
		{asked("https://biblioteka.example/s/" + codeGone), 404},
		{asked("https://biblioteka.example/s/../kelione"), 404},
		{asked("https://biblioteka.example/s/"), 404},
		{asked("https://biblioteka.example/\"><script>alert('evil')</script>"), 404},
	} {
		if resp, _ := embed(t, s, test.query); resp.StatusCode != test.code {
			t.Errorf("%s: %s, want %d", test.query, resp.Status, test.code)
		}
	}
	s.stop["sharing"]()
	if resp, _ := embed(t, s, fine); resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("without the sharing service: %s", resp.Status)
	}
}

// TestOEmbedSends has the endpoint ask no address that it is asked about.
func TestOEmbedSends(t *testing.T) {
	s := newSiteSuite(t)
	called := make(chan struct{}, 1)
	bait := listen(t)
	server := &http.Server{ReadHeaderTimeout: 1e9, Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called <- struct{}{} })}
	go func() { _ = server.Serve(bait) }()
	t.Cleanup(func() { _ = server.Close() })
	if resp, _ := embed(t, s, "url="+url.QueryEscape("http://"+bait.Addr().String()+"/kelione")); resp.StatusCode != http.StatusNotFound {
		t.Errorf("an address that is not ours: %s", resp.Status)
	}
	select {
	case <-called:
		t.Error("the endpoint opened the address")
	default:
	}
}

// TestDiscovery tells where the oEmbed answer is in a header, and every language
// version once.
func TestDiscovery(t *testing.T) {
	s := newSiteSuite(t)
	s.sharing.oEmbed = "https://biblioteka.example/oembed?format=json&url=https%3A%2F%2Fbiblioteka.example%2Fkelione"
	s.sharing.alternates = []*sharingv1.AlternatePreview{{LanguageCode: "lt", Uri: "https://biblioteka.example/kelione"}}
	s.sharing.head = `<link rel="canonical" href="https://biblioteka.example/kelione">
<link rel="alternate" hreflang="lt" href="https://biblioteka.example/kelione">
<link rel="alternate" hreflang="x-default" href="https://biblioteka.example/kelione">`
	trip := s.sample(t)
	trip.Translations = []*articlev1.Translation{{LanguageCode: "en", Title: "Journey", Path: "/en/journey"}}
	s.articles.put(trip)
	resp, page := s.page(t, "/kelione?utm_source=x", nil)
	if want := "<" + s.sharing.oEmbed + `>; rel="alternate"; type="application/json+oembed"`; resp.Header.Get("Link") != want {
		t.Errorf("Link is %q, want %q", resp.Header.Get("Link"), want)
	}
	// What networks read stands near the top; CheckPreview counts on 4 KiB.
	if _, body := s.do(t, http.MethodGet, "/kelione", nil, nil); strings.Index(string(body), `<link rel="canonical"`) > 4<<10 {
		t.Errorf("the preview begins %d bytes into the page", strings.Index(string(body), `<link rel="canonical"`))
	}
	var codes []string
	for _, link := range page.all("link") {
		if code := attr(link, "hreflang"); code != "" {
			codes = append(codes, code)
		}
	}
	if diff := cmp.Diff([]string{"lt", "x-default"}, codes); diff != "" {
		t.Errorf("language versions in the head (-want +got):\n%s", diff)
	}
	for _, hostile := range []string{"https://a.example/>; rel=\"stylesheet\"", "javascript:alert(1)", "https://a.example/\r\nSet-Cookie: a=b", "/oembed"} {
		s.sharing.oEmbed = hostile
		if resp, _ := s.page(t, "/kelione", nil); len(resp.Header.Values("Link")) != 0 || resp.Header.Get("Set-Cookie") != "" {
			t.Errorf("the address %q came into the header %q", hostile, resp.Header.Values("Link"))
		}
	}
}
