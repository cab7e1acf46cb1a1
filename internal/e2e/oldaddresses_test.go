package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestOldAddresses brings a library over from an older system: its addresses
// lead to where the articles stand now, over HTTP, and language versions to each
// other.
func TestOldAddresses(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	const source = `---
title: Stažuotė Orhuse
translation_group: orhusas
aliases: ["/?p=123", "https://senas.example/2024/06/07/stazuote-arhuse/"]
---
Tekstas.
`
	dir := manuscriptDir(t, source)
	expect(t, suite, 0, []string{"published at /stazuote-orhuse"}, "import", dir, "--publish")
	expect(t, suite, 0, []string{"unchanged"}, "import", dir)
	write(t, filepath.Join(dir, "index.md"), strings.Replace(source, `["/?p=123"`, `["/?p=123", "/node/7"`, 1))
	expect(t, suite, 0, []string{"aliases changed"}, "import", dir)
	english := manuscriptDir(t, "---\ntitle: A visit to Aarhus\nlanguage: en\ntranslation_group: orhusas\n---\nText.\n")
	expect(t, suite, 0, []string{"published at /en/a-visit-to-aarhus"}, "import", english, "--publish")
	setPathRules(t, suite, "/{year}/{month}/{slug}.html", "/index.php?page={slug}")

	want := func(path string, status int, location string) {
		t.Helper()
		if got, to := step(t, suite.HTTP+path); got != status || to != location {
			t.Errorf("%s: %d to %q, want %d to %q", path, got, to, status, location)
		}
	}
	for _, path := range []string{
		"/?p=123", "/?utm_source=fb&p=123", "/2024/06/07/Stazuote-Arhuse", "/node/7/", "/2024/06/stazuote-orhuse.html",
		"/index.php?page=stazuote-orhuse&x=1", "/STAZUOTE-ORHUSE/",
	} {
		want(path, http.StatusMovedPermanently, "/stazuote-orhuse")
	}
	want("/stazuote-orhuse?fbclid=1", http.StatusOK, "")
	want("/?p=124", http.StatusOK, "") // the front page
	want("/2024/06/kita.html", http.StatusNotFound, "")
	status, body := get(t, suite.HTTP+"/v1/sites/kaunas:resolvePath?path="+url.QueryEscape("/?p=123"))
	if status != http.StatusOK || !strings.Contains(string(body), `"RESOLUTION_MOVED"`) {
		t.Errorf("REST: %d %s", status, body)
	}
	if _, body := get(t, suite.HTTP+"/en/a-visit-to-aarhus"); !strings.Contains(string(body), `<a href="/stazuote-orhuse" lang="lt" hreflang="lt">Lietuvių<span>: Stažuotė Orhuse`) {
		t.Errorf("the English page does not lead to the Lithuanian one:\n%s", body)
	}
	for path, one := range map[string]string{"/": "/stazuote-orhuse", "/en/": "/en/a-visit-to-aarhus"} {
		if _, body := get(t, suite.HTTP+path); strings.Count(string(body), "<article") != 1 || !strings.Contains(string(body), `<a href="`+one+`">`) {
			t.Errorf("%s does not list the news once, as %s:\n%s", path, one, body)
		}
	}
	expect(t, suite, 0, []string{"is unpublished"}, "article", "unpublish", "stazuote-orhuse")
	want("/?p=123", http.StatusGone, "")
	want("/index.php?page=stazuote-orhuse", http.StatusGone, "")
}

// step asks for an address without following redirects.
func step(t *testing.T, address string) (status int, location string) {
	t.Helper()
	reply := do(t, http.MethodGet, address, "", nil)
	defer reply.Body.Close()
	return reply.StatusCode, reply.Header.Get("Location")
}

func do(t *testing.T, method, address, token string, body []byte) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	reply, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	return reply
}

// setPathRules changes the site over REST, as an admin.
func setPathRules(t *testing.T, suite *e2e.Suite, patterns ...string) {
	t.Helper()
	output, exit := suite.Run(t, "token", "create", "--for", "admin@example.lt", "--role", "admin", "--site", "kaunas")
	if exit != 0 {
		t.Fatal(output)
	}
	lines := strings.Split(strings.TrimSpace(output), "\n")
	_, body := get(t, suite.HTTP+"/v1/sites/kaunas")
	var site struct{ Etag string }
	if err := json.Unmarshal(body, &site); err != nil {
		t.Fatal(err)
	}
	var rules []map[string]string
	for _, pattern := range patterns {
		rules = append(rules, map[string]string{"pattern": pattern})
	}
	change, err := json.Marshal(map[string]any{"etag": site.Etag, "pathRules": rules})
	if err != nil {
		t.Fatal(err)
	}
	reply := do(t, http.MethodPatch, suite.HTTP+"/v1/sites/kaunas?updateMask=pathRules", lines[len(lines)-1], change)
	defer reply.Body.Close()
	if answer, err := io.ReadAll(reply.Body); reply.StatusCode != http.StatusOK || err != nil {
		t.Fatalf("PATCH: %s %s, %v", reply.Status, answer, err)
	}
}
