package e2e_test

import (
	"bytes"
	"encoding/json"
	"image/color"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestSecondStart refuses to run twice on one folder.
func TestSecondStart(t *testing.T) {
	data := t.TempDir()
	suite := e2e.Start(t, program, data)
	output, exit := e2e.Run(t, program, "up", "--data", data, "--http", "127.0.0.1:0")
	if exit == 0 || !strings.Contains(output, "another suite already runs on "+data) {
		t.Errorf("a second start: exit %d\n%s", exit, output)
	}
	if status, _ := get(t, suite.HTTP+"/healthz"); status != http.StatusOK {
		t.Errorf("the first suite answers %d afterwards", status)
	}
	readyFile := filepath.Join(data, "run", "ready.json")
	if _, err := os.Stat(readyFile); err != nil {
		t.Errorf("the ready file: %v", err)
	}
	began := time.Now()
	suite.Stop(t)
	t.Logf("stopped in %s", time.Since(began).Round(time.Millisecond))
	if _, err := os.Stat(readyFile); !os.IsNotExist(err) {
		t.Errorf("the ready file is still there after the stop: %v", err)
	}
}

// TestKill ends the suite without warning and wants everything acknowledged
// to be there afterwards.
func TestKill(t *testing.T) {
	data := t.TempDir()
	suite := e2e.Start(t, program, data)
	createSite(t, suite)
	dir := t.TempDir()
	drawPicture(t, filepath.Join(dir, "a.jpg"), color.RGBA{R: 10, G: 120, B: 90, A: 255})
	write(t, filepath.Join(dir, "index.md"), "---\ntitle: Po avarijos\ndate: 2024-05-05\n---\nIšlikę žodžiai.\n\n![Žalias perėjimas nuo tamsos į šviesą](a.jpg)\n")
	expect(t, suite, 0, []string{"published at /po-avarijos"}, "import", dir, "--publish")
	_, before := get(t, suite.HTTP+"/v1/sites/kaunas/articles/po-avarijos")
	suite.Kill(t)

	again := e2e.Start(t, program, data)
	status, after := get(t, again.HTTP+"/v1/sites/kaunas/articles/po-avarijos")
	if status != http.StatusOK || !sameJSON(t, before, after) {
		t.Errorf("after the kill the article answers %d:\n%s\nbefore:\n%s", status, after, before)
	}
	if status, _ := get(t, again.HTTP+"/po-avarijos"); status != http.StatusOK {
		t.Errorf("the page answers %d", status)
	}
}

// sameJSON compares documents; protojson varies its white space on purpose.
func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	var compacted [2]bytes.Buffer
	for i, text := range [][]byte{a, b} {
		if err := json.Compact(&compacted[i], text); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	return compacted[0].String() == compacted[1].String()
}

// TestBadStores refuses stores that cannot be trusted, says what to do, and
// leaves them as they are.
func TestBadStores(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		spoil      func(path string) error
		want       string
	}{
		{"truncated", "article.db", func(path string) error { return os.Truncate(path, 8192) }, "damaged"},
		{"truncated links", "sharing.db", func(path string) error { return os.Truncate(path, 8192) }, "damaged"},
		{"overwritten", "article.db", func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte("x"), 65536), 0o600) }, "damaged"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := t.TempDir()
			suite := e2e.Start(t, program, data)
			createSite(t, suite)
			suite.Stop(t)
			path := filepath.Join(data, tt.file)
			if err := tt.spoil(path); err != nil {
				t.Fatal(err)
			}
			spoiled, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			output, exit := e2e.Run(t, program, "up", "--data", data, "--http", "127.0.0.1:0",
				"--article-addr", "127.0.0.1:0", "--media-addr", "127.0.0.1:0", "--sharing-addr", "127.0.0.1:0")
			if exit == 0 || !strings.Contains(output, tt.want) || !strings.Contains(output, path) {
				t.Errorf("exit %d, want words %q and the path:\n%s", exit, tt.want, output)
			}
			left, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(spoiled, left) {
				t.Error("the damaged file was changed")
			}
		})
	}
}
