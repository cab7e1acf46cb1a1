package gateway_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
)

// answer is a response whose body has been read.
type answer struct {
	StatusCode int
	Status     string
	Header     http.Header
}

// do sends a request and returns the response and its whole body.
func (s *suite) do(t *testing.T, method, path string, headers map[string]string, body io.Reader) (answer, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, body)
	must(t, err)
	for name, value := range headers {
		req.Header.Set(name, value)
		if name == "Host" {
			req.Host = value
		}
	}
	resp, err := client().Do(req)
	must(t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	must(t, err)
	return answer{resp.StatusCode, resp.Status, resp.Header}, content
}

// large returns bytes that differ from place to place.
func large(size int) []byte {
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return content
}

func TestLargeFile(t *testing.T) {
	s := newSuite(t)
	content := large(5<<20 + 123)
	path := s.media.put(siteName+"/photos/big", 2560, file{content: content, mimeType: "image/jpeg", published: true})
	resp, got := s.do(t, http.MethodGet, path, nil, nil)
	if resp.StatusCode != http.StatusOK || !bytes.Equal(got, content) {
		t.Fatalf("%s with %d bytes, want all %d", resp.Status, len(got), len(content))
	}
	etag := resp.Header.Get("Etag")
	cases := []struct {
		name     string
		headers  map[string]string
		status   int
		from, to int
	}{
		{"first bytes", map[string]string{"Range": "bytes=0-9"}, 206, 0, 10},
		{"across a window", map[string]string{"Range": fmt.Sprintf("bytes=%d-%d", 1<<20-5, 1<<20+4)}, 206, 1<<20 - 5, 1<<20 + 5},
		{"two windows", map[string]string{"Range": fmt.Sprintf("bytes=%d-%d", 100, 2<<20+99)}, 206, 100, 2<<20 + 100},
		{"to the end", map[string]string{"Range": fmt.Sprintf("bytes=%d-", len(content)-7)}, 206, len(content) - 7, len(content)},
		{"the last ones", map[string]string{"Range": "bytes=-7"}, 206, len(content) - 7, len(content)},
		{"if-range holds", map[string]string{"Range": "bytes=5-6", "If-Range": etag}, 206, 5, 7},
		{"if-range is over", map[string]string{"Range": "bytes=5-6", "If-Range": `"old"`}, 200, 0, len(content)},
		{"not modified", map[string]string{"If-None-Match": `"x", ` + etag}, 304, 0, 0},
		{"modified", map[string]string{"If-None-Match": `"x"`}, 200, 0, len(content)},
		{"if-match fails", map[string]string{"If-Match": `"x"`}, 412, 0, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s.media.sent.Store(0)
			resp, got := s.do(t, http.MethodGet, path, c.headers, nil)
			if resp.StatusCode != c.status || !bytes.Equal(got, content[c.from:c.to]) {
				t.Errorf("%s with %d bytes, want %d with %d", resp.Status, len(got), c.status, c.to-c.from)
			}
			// Two reads may each send ahead what fits their windows.
			if sent, most := s.media.sent.Load(), int64(c.to-c.from+3<<20); sent > most {
				t.Errorf("the media service sent %d bytes for %d", sent, c.to-c.from)
			}
		})
	}
}

func TestFileOfUnavailableMedia(t *testing.T) {
	s := newSuite(t)
	path := s.media.put(siteName+"/photos/a", 320, file{content: []byte("x"), mimeType: "image/jpeg", published: true})
	s.stop["media"]()
	resp, got := s.do(t, http.MethodGet, path, nil, nil)
	if resp.StatusCode != http.StatusServiceUnavailable || !bytes.Contains(got, []byte("SERVICE_UNAVAILABLE")) {
		t.Errorf("%s %s", resp.Status, got)
	}
	if resp.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if bytes.Contains(got, []byte("127.0.0.1")) {
		t.Errorf("the answer tells where the service is: %s", got)
	}
}

// Every format and cut has an address; what only looks like one has none.
func TestFormatsAndCuts(t *testing.T) {
	s := newSuite(t)
	for name, mimeType := range map[string]string{
		"640.avif": "image/avif", "640-wide.avif": "image/avif", "320-classic.webp": "image/webp", "320-square.jpg": "image/jpeg",
		"1200-social.jpg": "image/jpeg",
	} {
		s.media.mu.Lock()
		s.media.files[siteName+"/photos/cut/g1/"+name] = file{content: []byte(name), mimeType: mimeType, published: true}
		s.media.mu.Unlock()
		resp, got := s.do(t, http.MethodGet, "/media/biblioteka/cut/g1/"+name, nil, nil)
		if resp.StatusCode != http.StatusOK || string(got) != name || resp.Header.Get("Content-Type") != mimeType {
			t.Errorf("%s: %s with %q as %s", name, resp.Status, got, resp.Header.Get("Content-Type"))
		}
	}
	for _, name := range []string{"640-.avif", "640-tall.avif", "640-wide-wide.avif", "640wide.avif", "-wide.avif", "640.svg", "640-wide", "0640-wide.avif"} {
		if resp, _ := s.do(t, http.MethodGet, "/media/biblioteka/cut/g1/"+name, nil, nil); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s, want 404", name, resp.Status)
		}
	}
}
