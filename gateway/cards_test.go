package gateway_test

import (
	"bytes"
	"net/http"
	"testing"
)

func TestSocialCardFile(t *testing.T) {
	s := newSuite(t)
	content := large(300)
	s.media.files[siteName+"/socialCards/naujiena/g1"] = file{content: content, mimeType: "image/jpeg"}
	const path = "/media/biblioteka/-/naujiena/g1.jpg"
	resp, got := s.do(t, http.MethodGet, path, nil, nil)
	if resp.StatusCode != http.StatusOK || !bytes.Equal(got, content) {
		t.Fatalf("%s with %d bytes, want all %d", resp.Status, len(got), len(content))
	}
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "Etag": `"e1"`, "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
		"X-Content-Type-Options": "nosniff", "Content-Length": "300",
	} {
		if value := resp.Header.Get(name); value != want {
			t.Errorf("%s: %s, want %s", name, value, want)
		}
	}
	for name, c := range map[string]struct {
		path   string
		header map[string]string
		status int
		body   []byte
	}{
		"not modified":         {path, map[string]string{"If-None-Match": `"e1"`}, http.StatusNotModified, nil},
		"a part":               {path, map[string]string{"Range": "bytes=5-9"}, http.StatusPartialContent, content[5:10]},
		"of another article":   {"/media/biblioteka/-/kita/g1.jpg", nil, http.StatusNotFound, nil},
		"another format":       {"/media/biblioteka/-/naujiena/g1.webp", nil, http.StatusNotFound, nil},
		"without a generation": {"/media/biblioteka/-/naujiena/.jpg", nil, http.StatusNotFound, nil},
		"nonsense":             {"/media/%FF/-/naujiena/g1.jpg", nil, http.StatusBadRequest, nil},
	} {
		resp, got := s.do(t, http.MethodGet, c.path, c.header, nil)
		if resp.StatusCode != c.status || c.body != nil && !bytes.Equal(got, c.body) {
			t.Errorf("%s: %s %.100s, want %d", name, resp.Status, got, c.status)
		}
	}
	resp, _ = s.do(t, http.MethodGet, "/media/biblioteka/-/naujiena/g0.jpg", nil, nil)
	if resp.StatusCode != http.StatusFound || resp.Header.Get("Location") != path || resp.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("an earlier one: %s %v, want to be sent to %s", resp.Status, resp.Header, path)
	}
}
