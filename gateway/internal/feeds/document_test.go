package feeds

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestConditions(t *testing.T) {
	f, generations := newFeeds(t, &service{})
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
	f, _ := newFeeds(t, s)
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
