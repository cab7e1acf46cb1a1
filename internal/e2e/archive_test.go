package e2e_test

import (
	"bufio"
	"encoding/json"
	"image/color"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestArchive brings a site from one installation to another one, as an operator
// does.
func TestArchive(t *testing.T) {
	one := e2e.Start(t, program, t.TempDir())
	createSite(t, one)
	dir := t.TempDir()
	for id, source := range map[string]string{
		"be-nuotrauku": "---\ntitle: Be nuotraukų\ntags: [knygos]\n---\nPirma pastraipa.\n\nAntra pastraipa su ąžuolu.\n",
		"su-nuotrauka": "---\ntitle: Su nuotrauka\n---\nPirma pastraipa.\n\n![Medinė lentyna su spalvotomis knygomis](lentyna.jpg)\n",
	} {
		if err := os.Mkdir(filepath.Join(dir, id), 0o700); err != nil {
			t.Fatal(err)
		}
		drawPicture(t, filepath.Join(dir, id, "lentyna.jpg"), color.RGBA{R: 90, G: 60, B: 20, A: 255})
		write(t, filepath.Join(dir, id, "index.md"), source)
	}
	expect(t, one, 0, []string{"created, published"}, "import", dir, "--publish")
	file := filepath.Join(t.TempDir(), "kaunas.skaitykla")
	expect(t, one, 0, []string{"2 articles", "photographs are not in it"}, "export", "kaunas", file)
	restExport(t, one)
	if left, err := filepath.Glob(file + ".part-*"); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}

	two := e2e.Start(t, program, t.TempDir())
	expect(t, two, 0, []string{"sites/kaunas is made, with 2 articles", "missing", "sites/kaunas/photos/"}, "import", file)
	expect(t, two, 1, []string{"exists already"}, "import", file)
	expect(t, two, 1, []string{"--publish"}, "import", file, "--publish")
	if diff := cmp.Diff(pageText(t, one, "/be-nuotrauku"), pageText(t, two, "/be-nuotrauku")); diff != "" {
		t.Errorf("the page (-want +got):\n%s", diff)
	}
	if text := pageText(t, two, "/su-nuotrauka"); !strings.Contains(text, "Pirma pastraipa.") {
		t.Errorf("the page of an article whose photo is missing:\n%s", text)
	}
	again := filepath.Join(t.TempDir(), "again.skaitykla")
	expect(t, two, 0, nil, "export", "kaunas", again)
	if want, got := content(t, file), content(t, again); want != got {
		t.Errorf("the archive of the import has %d bytes and is not the one that was imported, of %d", len(got), len(want))
	}

	// An archive that was cut off makes nothing.
	cut := filepath.Join(t.TempDir(), "cut.skaitykla")
	write(t, cut, content(t, file)[:len(content(t, file))/2])
	expect(t, two, 1, []string{"cut off"}, "import", cut, "--site", "bandymas")
	expect(t, two, 0, []string{"sites/bandymas is made"}, "import", file, "--site", "bandymas")
}

// pageText returns the text of a page without what names the server, and without
// its share sheet: codes of short links belong to an installation and are made
// a moment after an article is published.
func pageText(t *testing.T, suite *e2e.Suite, path string) string {
	t.Helper()
	status, body := get(t, suite.HTTP+path)
	if status != http.StatusOK {
		t.Errorf("%s answers %d", path, status)
	}
	text := string(body)
	if before, rest, found := strings.Cut(text, `<nav class="share"`); found {
		_, after, _ := strings.Cut(rest, "</nav>")
		text = before + after
	}
	return strings.NewReplacer(suite.HTTP, "", url.QueryEscape(suite.HTTP), "").Replace(text)
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// restExport exports over HTTP: a line of JSON for each record, the last one the
// end.
func restExport(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, suite.HTTP+"/v1/sites/kaunas/articles:export", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+strings.TrimSpace(content(t, suite.TokenFile)))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var kinds []string
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Result struct{ Record map[string]any }
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatalf("%v: %s", err, lines.Bytes())
		}
		for kind := range line.Result.Record {
			kinds = append(kinds, kind)
		}
	}
	if lines.Err() != nil || resp.Header.Get("Content-Type") != "application/x-ndjson" || len(kinds) < 8 || kinds[0] != "site" || kinds[len(kinds)-1] != "end" {
		t.Errorf("%v, %s: %v", lines.Err(), resp.Header.Get("Content-Type"), kinds)
	}
}
