package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestWebhooks has a receiver and a hub hear what happens to articles of a real
// newsroom: an archive that is moved in is not news, what is published is.
func TestWebhooks(t *testing.T) {
	t.Setenv("SKAITYKLA_WEBHOOK_NETWORKS", "127.0.0.1/32")
	heard := make(chan *http.Request, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		heard <- r
		w.WriteHeader(http.StatusNoContent)
	}))
	defer receiver.Close()
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)

	var output string
	for exit := 1; exit != 0; { // the sharing service lists the sites every few seconds
		output, exit = suite.Run(t, "webhooks", "add", receiver.URL+"/hook", "--id", "miestas")
		if exit != 0 && !strings.Contains(output, "not found") {
			t.Fatal(output)
		}
	}
	secret := regexp.MustCompile(`whsec_\S+`).FindString(output)
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil || secret == "" {
		t.Fatalf("%v; printed %s", err, output)
	}
	expect(t, suite, 0, []string{"hub active"}, "webhooks", "add", receiver.URL+"/hub", "--id", "hub", "--hub")
	expect(t, suite, 1, []string{"is not called"}, "webhooks", "add", "https://169.254.169.254/latest")
	expect(t, suite, 0, []string{"miestas", "active", "hub"}, "webhooks", "list")

	publish := func(text string) {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "index.md"), text)
		expect(t, suite, 0, []string{"published at"}, "import", dir, "--publish")
	}
	publish("---\ntitle: Senas\ndate: 2014-05-06\n---\nTekstas iš archyvo.\n")
	publish("---\ntitle: Naujas\n---\nTekstas, kurį skaitys šiandien.\n")
	calls := map[string]*http.Request{}
	for len(calls) < 2 {
		select {
		case r := <-heard:
			calls[r.URL.Path] = r
		case <-time.After(time.Minute):
			t.Fatalf("%d of 2 calls came", len(calls))
		}
	}
	body, err := io.ReadAll(calls["/hook"].Body)
	if err == nil {
		err = verifier.Verify(body, calls["/hook"].Header)
	}
	var message struct {
		Type string
		Data struct{ Title, URI string }
	}
	if err == nil {
		err = json.Unmarshal(body, &message)
	}
	if err != nil || message.Type != "article.published" || message.Data.Title != "Naujas" || message.Data.URI != suite.HTTP+"/naujas" {
		t.Errorf("%v: %s", err, body)
	}
	if ping, err := io.ReadAll(calls["/hub"].Body); err != nil || !strings.Contains(string(ping), "hub.mode=publish") || !strings.Contains(string(ping), "feed.xml") {
		t.Errorf("the hub was told %s, %v", ping, err)
	}
	_, feed := get(t, suite.HTTP+"/feed.xml")
	if !strings.Contains(string(feed), receiver.URL+"/hub") {
		t.Errorf("the feed does not name its hub:\n%.2000s", feed)
	}
	for deadline := time.Now().Add(time.Minute); ; {
		output, _ := suite.Run(t, "webhooks", "deliveries")
		if strings.Count(output, "delivered") == 2 && strings.Count(output, "\n") == 2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("deliveries are:\n%s", output)
		}
	}
	if log := suite.Output(); strings.Contains(log, secret) || strings.Contains(log, "/hook") {
		t.Error("the log has the secret or the address")
	}
}
