package e2e_test

import (
	"encoding/json"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestPhotosAdd adds a folder, again, over a line that breaks, and after the
// command was killed.
func TestPhotosAdd(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	t.Run("a folder", func(t *testing.T) { addFolder(t, suite) })
	t.Run("a line that breaks", func(t *testing.T) { addOverBrokenLine(t, suite) })
	t.Run("killed", func(t *testing.T) { addAfterKill(t, suite) })
	t.Run("suggestions", func(t *testing.T) { acceptSuggestions(t, suite) })
}

// added is what `photos add --json` prints.
type added struct {
	Files []struct{ File, Outcome, Photo, Reason, Error string }
	Count map[string]int
}

// add runs `photos add` and returns what it reports.
func add(t *testing.T, suite *e2e.Suite, exit int, args ...string) (report added) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, append([]string{"photos", "add", "--json", "--data", suite.Data}, args...)...)
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != exit {
		t.Errorf("photos add %v: exit %d, want %d; %v\n%s", args, code, exit, err, out)
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("photos add %v printed %q: %v", args, out, err)
	}
	return report
}

func addFolder(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := t.TempDir()
	below := filepath.Join(dir, "vasara", ".slapta")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	drawPicture(t, filepath.Join(dir, "a.jpg"), color.RGBA{R: 200, A: 255})
	drawPicture(t, filepath.Join(dir, "vasara", "b.JPG"), color.RGBA{G: 200, A: 255})
	drawPicture(t, filepath.Join(below, "c.jpg"), color.RGBA{B: 200, A: 255})
	same, err := os.ReadFile(filepath.Join(dir, "a.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"vasara/d.jpeg": string(same), "notes.txt": "text", "empty.png": "", ".hidden.jpg": "x", "false.jpg": strings.Repeat("no photo ", 20),
	} {
		write(t, filepath.Join(dir, name), text)
	}
	if err := os.Symlink("a.jpg", filepath.Join(dir, "link.jpg")); err != nil {
		t.Fatal(err)
	}
	flags := []string{dir, "--credit", "Ona Onaitė", "--tag", "mugė", "--tag", "vasara", "--license", "CC-BY-4.0", "--caption", "Mugė"}
	first := add(t, suite, 1, flags...)
	if diff := cmp.Diff(map[string]int{"added": 2, "already there": 1, "skipped": 5, "failed": 1}, first.Count); diff != "" {
		t.Errorf("the first run (-want +got):\n%s", diff)
	}
	why := map[string]string{}
	for _, f := range first.Files {
		why[filepath.Base(f.File)] = f.Reason + f.Error
	}
	for _, name := range []string{"notes.txt", "empty.png", ".hidden.jpg", ".slapta", "link.jpg", "false.jpg"} {
		if why[name] == "" {
			t.Errorf("nothing is said of %s, only %q", name, why)
		}
	}
	if err := os.Remove(filepath.Join(dir, "false.jpg")); err != nil {
		t.Fatal(err)
	}
	second := add(t, suite, 0, flags...)
	if diff := cmp.Diff(map[string]int{"already there": 3, "skipped": 5}, second.Count); diff != "" {
		t.Errorf("the second run (-want +got):\n%s", diff)
	}
	expect(t, suite, 0, []string{"Ona Onaitė", "Mugė"}, "photos", "list")
	for _, f := range first.Files {
		if f.Outcome == "added" {
			expect(t, suite, 0, []string{"CC-BY-4.0", "mugė", `"Mugė"`, `"lt"`}, "photos", "show", filepath.Base(f.Photo))
		}
	}
}

func addOverBrokenLine(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := t.TempDir()
	size := 0
	for i, name := range []string{"a.jpg", "b.jpg", "c.jpg"} {
		data := noisy(t, uint64(20+i))
		size += len(data)
		write(t, filepath.Join(dir, name), string(data))
	}
	l := newLine(t, suite.Media, int64(size/3), int64(size*2/3))
	report := add(t, suite, 0, dir, "--media", l.address)
	if report.Count["added"] != 3 || l.cuts() != 2 {
		t.Errorf("over a line that broke %d times: %v", l.cuts(), report.Count)
	}
	if l.carried() > 2*int64(size) {
		t.Errorf("%d bytes were sent for photos of %d", l.carried(), size)
	}
}

// addAfterKill kills the command in the middle of its only file.
func addAfterKill(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := t.TempDir()
	data := noisy(t, 30)
	write(t, filepath.Join(dir, "a.jpg"), string(data))
	l := newLine(t, suite.Media)
	l.holdAfter(int64(len(data) / 2))
	cmd := exec.CommandContext(t.Context(), program, "photos", "add", dir, "--data", suite.Data, "--media", l.address)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-l.held
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	close(l.end)
	again := newLine(t, suite.Media)
	report := add(t, suite, 0, dir, "--media", again.address)
	if report.Count["added"] != 1 {
		t.Errorf("after a kill: %v", report.Count)
	}
	if again.carried() > int64(len(data))*3/4 {
		t.Errorf("of a photo of %d bytes, half of which was there, %d were sent again", len(data), again.carried())
	}
	if third := add(t, suite, 0, dir); third.Count["already there"] != 1 {
		t.Errorf("the third run: %v", third.Count)
	}
}
