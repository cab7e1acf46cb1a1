package upload_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/upload"
)

// TestDrip sends a form that never comes to its file, well within the limit of
// silence: without asking who it is, nobody may hold a place so.
func TestDrip(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle(upload.Pattern, upload.New(upload.Config{Idle: 10 * time.Second, Timeout: 200 * time.Millisecond}))
	server := httptest.NewServer(mux)
	defer server.Close()
	// What a client sends after the answer would only reset the connection, and
	// the answer might be lost with it; so it sends a little and then waits.
	body, client := io.Pipe()
	defer client.Close()
	go func() {
		_, _ = io.WriteString(client, "--x\r\nContent-Disposition: form-data; name=\"credit\"\r\n\r\n")
	}()
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
