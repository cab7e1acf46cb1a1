package feeds

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func library() *articlev1.Site {
	return &articlev1.Site{
		Name: "sites/biblioteka", BaseUri: "https://biblioteka.lt", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"},
	}
}

// service makes documents that say what was asked and which text is the newest.
type service struct {
	sharingv1.UnimplementedSharingServiceServer

	text  atomic.Value // string
	calls atomic.Int64
	fail  atomic.Bool
	hold  chan struct{} // when not nil, answers wait for it
}

func (s *service) begin() (string, error) {
	text, _ := s.text.Load().(string)
	s.calls.Add(1)
	if s.hold != nil {
		<-s.hold
	}
	if s.fail.Load() {
		return "", status.Error(codes.Unavailable, "away")
	}
	return text, nil
}

func (s *service) RenderFeed(_ context.Context, req *sharingv1.RenderFeedRequest) (*sharingv1.RenderFeedResponse, error) {
	text, err := s.begin()
	if err != nil {
		return nil, err
	}
	document := fmt.Sprintf("%s %s %q %q %s", req.GetFormat(), req.GetLanguageCode(), req.GetTag(), req.GetArchive(), text)
	return &sharingv1.RenderFeedResponse{
		MimeType: "application/rss+xml", Document: []byte(document), Etag: fmt.Sprintf("e%x", document),
		SelfUri: "https://biblioteka.lt/feed.xml", HubUris: []string{"https://hub.example/", "https://evil.example/>; rel=x"},
	}, nil
}

func (s *service) RenderSitemap(req *sharingv1.RenderSitemapRequest, stream grpc.ServerStreamingServer[sharingv1.RenderSitemapResponse]) error {
	text, err := s.begin()
	if err != nil {
		return err
	}
	for _, chunk := range []string{req.GetKind().String(), " ", req.GetPage(), " ", text} {
		if err := stream.Send(&sharingv1.RenderSitemapResponse{Chunk: []byte(chunk)}); err != nil {
			return err
		}
	}
	return stream.Send(&sharingv1.RenderSitemapResponse{Etag: "of " + req.GetKind().String() + text})
}

// watch is a number that is set by hand.
type watch struct {
	generation atomic.Uint64
	broken     atomic.Bool
}

func (w *watch) Generation(string) (uint64, bool) { return w.generation.Load(), !w.broken.Load() }

// newDoor returns documents over a service.
func newDoor(tb testing.TB, s *service) (*Feeds, *watch) {
	tb.Helper()
	s.text.Store("first")
	server := grpc.NewServer()
	sharingv1.RegisterSharingServiceServer(server, s)
	listener := bufconn.Listen(1 << 20)
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	conn, err := grpc.NewClient("passthrough:///sharing", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = conn.Close()
		server.Stop()
		serving.Wait()
	})
	w := &watch{}
	w.generation.Store(1)
	f, err := New(conn, w)
	if err != nil {
		tb.Fatal(err)
	}
	return f, w
}

// get asks for an address with headers given as pairs.
func get(tb testing.TB, f *Feeds, path string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	served, err := f.Serve(w, r, library())
	if err != nil || !served {
		tb.Fatalf("%s: served %v, %v", path, served, err)
	}
	return w
}

func TestAddresses(t *testing.T) {
	f, _ := newDoor(t, &service{})
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

// TestKept holds documents to being asked for once for each change, at all
// addresses.
func TestKept(t *testing.T) {
	s := &service{}
	f, generations := newDoor(t, s)
	paths := []string{"/feed.xml", "/atom.xml?tag=a", "/sitemap.xml", "/sitemap-2024.xml", "/news-sitemap.xml"}
	for round, text := range []string{"first", "second", "third"} {
		s.text.Store(text)
		generations.generation.Store(uint64(round + 1))
		before := s.calls.Load()
		for _, path := range paths {
			for range 3 {
				if got := get(t, f, path).Body.String(); !strings.HasSuffix(got, text) {
					t.Errorf("%s says %q after %s", path, got, text)
				}
			}
		}
		if got := s.calls.Load() - before; got != int64(len(paths)) {
			t.Errorf("%s: %d calls for %d documents", text, got, len(paths))
		}
	}
}

// TestBypass holds what is kept to being passed by while changes cannot be seen.
func TestBypass(t *testing.T) {
	s := &service{}
	f, generations := newDoor(t, s)
	get(t, f, "/feed.xml")
	generations.broken.Store(true)
	s.text.Store("second")
	for range 2 {
		got := get(t, f, "/feed.xml")
		if !strings.HasSuffix(got.Body.String(), "second") || got.Header().Get("Last-Modified") != "" {
			t.Errorf("while the stream is broken: %q, %v", got.Body, got.Header())
		}
	}
	if got := s.calls.Load(); got != 3 {
		t.Errorf("%d calls, want 3", got)
	}
	s.fail.Store(true)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/feed.xml", nil)
	if served, err := f.Serve(httptest.NewRecorder(), r, library()); !served || status.Code(err) != codes.Unavailable {
		t.Errorf("while sharing is away: served %v, %v", served, err)
	}
}

// TestChangeWhileMade asks again for a document that was being made when the
// site changed.
func TestChangeWhileMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, generations := newDoor(t, s)
		answered := make(chan string)
		go func() { answered <- get(t, f, "/feed.xml").Body.String() }()
		synctest.Wait() // the call is there, with the text of before
		s.text.Store("second")
		generations.generation.Add(1)
		close(s.hold)
		if got := <-answered; !strings.HasSuffix(got, "first") {
			t.Errorf("the first answer is %q", got)
		}
		if got := get(t, f, "/feed.xml").Body.String(); !strings.HasSuffix(got, "second") {
			t.Errorf("the document of before was kept: %q", got)
		}
	})
}

// TestSingleFlight asks once for all who want a document at the same time, and
// for the same document again when somebody comes after a change.
func TestSingleFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, generations := newDoor(t, s)
		var asking sync.WaitGroup
		ask := func(n int) {
			for range n {
				asking.Go(func() { get(t, f, "/feed.xml") })
			}
			synctest.Wait()
		}
		ask(50)
		generations.generation.Add(1)
		ask(50)
		close(s.hold)
		asking.Wait()
		if got := s.calls.Load(); got != 2 {
			t.Errorf("%d calls, want one before and one after the change", got)
		}
	})
}

// TestFlightsAreApart has two addresses asked for at the same time that look the
// same when their parameters are written one after the other: neither gets the
// document, or the error, of the other.
func TestFlightsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, _ := newDoor(t, s)
		var asking sync.WaitGroup
		for path, want := range map[string]string{
			"/feed.xml?tag=x+2024-06":           `"x 2024-06" ""`,
			"/feed.xml?tag=x&archive=2024-06+":  `"x" "2024-06 "`,
			"/feed.xml?tag=x%22+%222024-06":     `"x\" \"2024-06" ""`,
			"/feed.xml?tag=x%22&archive=2024-0": `"x\"" "2024-0"`,
		} {
			asking.Go(func() {
				if got := get(t, f, path).Body.String(); !strings.Contains(got, want) {
					t.Errorf("%s answers %s, want %s", path, got, want)
				}
			})
		}
		synctest.Wait()
		close(s.hold)
		asking.Wait()
	})
}

// TestBuildsAreBounded makes no more documents at a time than memory has room
// for.
func TestBuildsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{hold: make(chan struct{})}
		f, _ := newDoor(t, s)
		var asking sync.WaitGroup
		for year := range 20 {
			asking.Go(func() { get(t, f, fmt.Sprintf("/sitemap-%d.xml", 2000+year)) })
		}
		synctest.Wait()
		if got := s.calls.Load(); got != maxBuilds {
			t.Errorf("%d at a time, want %d", got, maxBuilds)
		}
		close(s.hold)
		asking.Wait()
		if got := s.calls.Load(); got != 20 {
			t.Errorf("%d documents were made, want 20", got)
		}
	})
}

func TestConditions(t *testing.T) {
	f, generations := newDoor(t, &service{})
	first := get(t, f, "/feed.xml")
	etag := first.Header().Get("ETag")
	if etag == "" || first.Header().Get("Cache-Control") != "public, max-age=60, must-revalidate" ||
		first.Header().Get("Link") != `<https://biblioteka.lt/feed.xml>; rel="self", <https://hub.example/>; rel="hub"` {
		t.Errorf("headers %v", first.Header())
	}
	for name, header := range map[string]string{"etag": etag, "weak": "W/" + etag, "one of": `"a", ` + etag, "any": "*"} {
		if got := get(t, f, "/feed.xml", "If-None-Match", header); got.Code != http.StatusNotModified || got.Body.Len() > 0 || got.Header().Get("ETag") != etag {
			t.Errorf("%s: %d %v", name, got.Code, got.Header())
		}
	}
	if got := get(t, f, "/feed.xml", "If-None-Match", `"other"`, "If-Modified-Since", "Fri, 31 Dec 2199 23:59:59 GMT"); got.Code != http.StatusOK {
		t.Errorf("another etag with a date: %d", got.Code)
	}
	generations.generation.Add(1)
	if got := get(t, f, "/feed.xml", "If-None-Match", etag); got.Code != http.StatusNotModified {
		t.Errorf("the same bytes made anew: %d", got.Code)
	}
}

func TestLastModified(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 500, time.UTC)
	d := newDocument("application/rss+xml", "a", []byte("x"))
	d.keep(nil, now)
	if want := now.Truncate(time.Second).Add(time.Second); !d.modified.Equal(want) {
		t.Errorf("modified %v, want %v", d.modified, want)
	}
	same := newDocument("application/rss+xml", "a", []byte("x"))
	same.keep(d, now.Add(time.Hour))
	if !same.modified.Equal(d.modified) {
		t.Errorf("the same bytes were modified at %v", same.modified)
	}
	other := newDocument("application/rss+xml", "b", []byte("y"))
	other.keep(same, now.Add(time.Hour))
	if !other.modified.After(same.modified) {
		t.Errorf("other bytes were modified at %v", other.modified)
	}
	answer := func(since time.Time) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/feed.xml", nil)
		r.Header.Set("If-Modified-Since", since.UTC().Format(http.TimeFormat))
		d.send(w, r)
		if got := w.Header().Get("Last-Modified"); got != d.modified.Format(http.TimeFormat) {
			t.Errorf("Last-Modified %q", got)
		}
		return w.Code
	}
	d.keep(nil, now.AddDate(-1, 0, 0))
	if answer(d.modified) != http.StatusNotModified || answer(d.modified.Add(-time.Second)) != http.StatusOK {
		t.Error("the date is not compared")
	}
	d.keep(nil, time.Now().Add(time.Hour))
	w := httptest.NewRecorder()
	d.send(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/feed.xml", nil))
	if got := w.Header().Get("Last-Modified"); got != "" {
		t.Errorf("Last-Modified in the future: %s", got)
	}
}

func TestGzip(t *testing.T) {
	s := &service{}
	f, _ := newDoor(t, s)
	s.text.Store(strings.Repeat("Knygų mugė ", 1000))
	plain := get(t, f, "/feed.xml")
	packed := get(t, f, "/feed.xml", "Accept-Encoding", "br, gzip;q=0.8")
	if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" ||
		plain.Header().Get("ETag") == packed.Header().Get("ETag") || plain.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("headers %v and %v", plain.Header(), packed.Header())
	}
	if packed.Body.Len() > plain.Body.Len()/4 {
		t.Errorf("%d bytes were packed into %d", plain.Body.Len(), packed.Body.Len())
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(reader); err != nil || string(data) != plain.Body.String() {
		t.Errorf("unpacked differently: %v", err)
	}
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "gzip;q=0": false, "gzip; q=0.0": false, "deflate": false, "gzip;q=x": false, "xgzip": false,
	} {
		if got := takesGzip(header); got != want {
			t.Errorf("takesGzip(%q) = %v", header, got)
		}
	}
}

func TestNewsGrowsOld(t *testing.T) {
	s := &service{}
	f, _ := newDoor(t, s)
	get(t, f, "/news-sitemap.xml")
	k := key{site: "sites/biblioteka", kind: kindSitemap, sitemap: sharingv1.SitemapKind_SITEMAP_KIND_NEWS}
	kept, ok := f.kept.GetIfPresent(k)
	if !ok || kept.fresh(time.Now().Add(newsFresh+time.Second)) || !kept.fresh(time.Now()) {
		t.Errorf("kept %v until %v", ok, kept.expires)
	}
}

func TestRobots(t *testing.T) {
	f, _ := newDoor(t, &service{})
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
