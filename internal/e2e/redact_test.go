package e2e_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestRedact takes a name out of a published article. Readers no longer see it
// through the gateway's cache, and after a restart no file of the suite holds
// it.
func TestRedact(t *testing.T) {
	const person = "Vardenė Pavardenytė"
	data := t.TempDir()
	suite := e2e.Start(t, program, data, "--log-level", "info")
	createSite(t, suite)
	source := "---\nid: susitikimas\ntitle: Susitikimas skaitykloje\n---\nKalbėjo Vardenė **Pavardenytė** ir kiti. " + person + " atsakė į klausimus.\n"
	expect(t, suite, 0, []string{"published"}, "import", manuscriptDir(t, source), "--publish")
	addresses := []string{suite.HTTP + "/susitikimas-skaitykloje", suite.HTTP + "/v1/sites/kaunas/articles/susitikimas"}
	for _, address := range addresses {
		if _, body := get(t, address); !bytes.Contains(body, []byte("Pavardenytė")) {
			t.Fatalf("%s does not show the name, so this tests nothing", address)
		}
	}
	text := filepath.Join(t.TempDir(), "name.txt")
	write(t, text, person+"\n")
	expect(t, suite, 0, []string{"done"}, "article", "redact", "susitikimas", "--reason", "Prašymas Nr. 7", "--text-file", text)
	for _, address := range addresses {
		awaitGone(t, address, "Pavardenytė")
	}
	suite.Stop(t)
	again := e2e.Start(t, program, data, "--log-level", "info")
	if !strings.Contains(again.Output(), "compacted it from") {
		t.Errorf("the start does not say that it compacted the store:\n%s", again.Output())
	}
	again.Stop(t)
	for _, output := range []string{suite.Output(), again.Output()} {
		if strings.Contains(output, person) {
			t.Error("the name is in the log")
		}
	}
	if found := holding(t, data, person); len(found) > 0 {
		t.Errorf("the name is still in %q", found)
	}
}

// awaitGone waits until a page no longer shows a text.
func awaitGone(t *testing.T, address, text string) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	give := time.After(10 * time.Second)
	for {
		if _, body := get(t, address); !bytes.Contains(body, []byte(text)) {
			return
		}
		select {
		case <-look.C:
		case <-give:
			t.Fatalf("%s still shows %q", address, text)
		}
	}
}

// holding returns the files below a folder that hold a text as it is.
func holding(t *testing.T, dir, text string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
