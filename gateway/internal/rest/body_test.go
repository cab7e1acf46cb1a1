package rest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// deadlines is a connection that remembers the last deadline for reading.
type deadlines struct {
	*httptest.ResponseRecorder
	last time.Time
}

// SetReadDeadline is what http.ResponseController calls.
func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.last = t
	return nil
}

// TestBodyDeadline asks that no deadline for reading is left while a call lasts:
// the server would take its passing for a client that went away.
func TestBodyDeadline(t *testing.T) {
	conn := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	unread := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	limitBody(10, unread).ServeHTTP(conn, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/sites", http.NoBody))
	if !conn.last.IsZero() {
		t.Errorf("there is no body, but reading ends at %v", conn.last)
	}
	read := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if conn.last.IsZero() {
			t.Error("a body may take for ever to arrive")
		}
		if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
	})
	limitBody(10, read).ServeHTTP(conn, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/sites", strings.NewReader("{}")))
	if !conn.last.IsZero() {
		t.Errorf("the body was read, but reading ends at %v", conn.last)
	}
}
