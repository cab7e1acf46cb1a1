package feeds

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// discard is a response that goes nowhere.
type discard struct{ header http.Header }

func (d discard) Header() http.Header          { return d.header }
func (discard) Write(data []byte) (int, error) { return len(data), nil }
func (discard) WriteHeader(int)                {}

// BenchmarkServe sends a kept document.
func BenchmarkServe(b *testing.B) {
	f, _ := newFeeds(b, &service{})
	get(b, f, "/feed.xml")
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/feed.xml", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	site := library()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Serve(discard{http.Header{}}, r, site); err != nil {
			b.Fatal(err)
		}
	}
}
