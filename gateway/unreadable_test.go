package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestUnreadable sends what is not text where text is meant: the fault is the
// caller's, and nothing here is to be looked for by an operator.
func TestUnreadable(t *testing.T) {
	s := newSuite(t)
	s.articles.sites = []*articlev1.Site{library()}
	s.articles.put(s.sample(t))
	upload := s.author()
	for _, c := range []struct {
		name, method, path string
		headers            map[string]string
		code               int
	}{
		{"path", http.MethodGet, "/v1/sites/%FF", nil, 400},
		{"name", http.MethodGet, "/v1/" + siteName + "/articles/%C5", nil, 400},
		{"query", http.MethodGet, "/v1/" + siteName + "/articles?filter=%E0", nil, 400},
		{"watch", http.MethodGet, "/v1/" + siteName + "/articles:watch?resumeToken=%E0", nil, 400},
		{"upload", http.MethodPost, uploadPath + "?alt=%E0&languageCode=lt", upload, 400},
		{"upload site", http.MethodPost, "/upload/v1/sites/%E0/photos", upload, 400},
		{"file", http.MethodGet, "/media/%E0/one/abc/10.jpg", nil, 400},
		{"token", http.MethodGet, "/v1/" + siteName + "/articles", map[string]string{"Authorization": "Bearer ž"}, 401},
		{"token for a file", http.MethodGet, "/media/biblioteka/one/abc/10.jpg", map[string]string{"Authorization": "Bearer ž"}, 401},
		{"language", http.MethodGet, "/v1/" + siteName + "/articles", map[string]string{"Accept-Language": "ž"}, 200},
		{"page", http.MethodGet, "/stra%E0", nil, 404},
		{"page with a foreign parameter", http.MethodGet, "/kelione?q=%E0", nil, 200},
		{"list", http.MethodGet, "/?page=%E0", nil, 404},
		{"link to an article", http.MethodGet, "/-/articles/%E0", nil, 404},
	} {
		resp, body := s.do(t, c.method, c.path, c.headers, strings.NewReader("x"))
		if resp.StatusCode != c.code {
			t.Errorf("%s: %s, want %d: %.300s", c.name, resp.Status, c.code, body)
		}
	}
	upload["Content-Type"] = "multipart/form-data; boundary=x"
	form := "--x\r\nContent-Disposition: form-data; name=\"credit\"\r\n\r\nOna \xd0\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\r\nx\r\n--x--\r\n"
	resp, body := s.do(t, http.MethodPost, uploadPath, upload, strings.NewReader(form))
	if resp.StatusCode != http.StatusBadRequest || !strings.Contains(string(body), "credit") {
		t.Errorf("form: %s: %.300s", resp.Status, body)
	}
}
