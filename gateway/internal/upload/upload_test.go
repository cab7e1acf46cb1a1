package upload_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/upload"
)

// drip is a form field that never ends, a byte at a time.
type drip struct{ head io.Reader }

func (d drip) Read(p []byte) (int, error) {
	if n, err := d.head.Read(p); err == nil {
		return n, nil
	}
	<-time.After(5 * time.Millisecond)
	p[0] = 'x'
	return 1, nil
}

// TestDrip sends a form so slowly that it is never silent for long and never
// comes to its file: without asking who it is, nobody may hold a place so.
func TestDrip(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle(upload.Pattern, upload.New(upload.Config{Idle: 10 * time.Second, Timeout: 200 * time.Millisecond}))
	server := httptest.NewServer(mux)
	defer server.Close()
	body := drip{strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"credit\"\r\n\r\n")}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/upload/v1/sites/biblioteka/photos", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusGatewayTimeout {
		t.Errorf("got %s, want 504", resp.Status)
	}
}
