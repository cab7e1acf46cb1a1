package e2e_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestImporterPromises tries what the importer promises to whoever edits the
// same articles by other means.
func TestImporterPromises(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	t.Run("an edit carried into the file", func(t *testing.T) { carriedEdit(t, suite) })
	t.Run("taken away from readers", func(t *testing.T) { takenAway(t, suite) })
	t.Run("dated in the future", func(t *testing.T) {
		dir := manuscriptDir(t, "---\ntitle: Ateitis\ndate: 2999-01-01\n---\nTekstas.\n")
		expect(t, suite, 1, []string{"created", "future"}, "import", dir, "--publish")
		expect(t, suite, 0, []string{"STATE_DRAFT"}, "article", "get", "ateitis")
	})
}

func manuscriptDir(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "index.md"), source)
	return dir
}

// carriedEdit does what the message about a conflict says.
func carriedEdit(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	const source = "---\nid: derinys\ntitle: Derinys\n---\nTekstas.\n"
	dir := manuscriptDir(t, source)
	expect(t, suite, 0, []string{"created"}, "import", dir)
	editTitle(t, suite, "sites/kaunas/articles/derinys")
	expect(t, suite, 1, []string{"not imported", "title changed", "--force"}, "import", dir, "--dry-run")
	carried := strings.Replace(source, "title: Derinys", "title: Redaktoriaus pavadinimas", 1)
	write(t, filepath.Join(dir, "index.md"), carried)
	expect(t, suite, 0, []string{"unchanged"}, "import", dir)
	write(t, filepath.Join(dir, "index.md"), strings.Replace(carried, "Tekstas.", "Naujas tekstas.", 1))
	expect(t, suite, 0, []string{"updated"}, "import", dir)
}

// takenAway imports again what an editor unpublished.
func takenAway(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := manuscriptDir(t, "---\nid: atimtas\ntitle: Atimtas\ndate: 2024-01-05\n---\nTekstas.\n")
	expect(t, suite, 0, []string{"published"}, "import", dir, "--publish")
	expect(t, suite, 0, []string{"unpublished"}, "article", "unpublish", "atimtas")
	expect(t, suite, 1, []string{"unchanged", "took it away", "--force"}, "import", dir, "--publish")
	if status, _ := get(t, suite.HTTP+"/atimtas"); status != http.StatusGone {
		t.Errorf("an import gave readers back what an editor took away: the page answers %d", status)
	}
	expect(t, suite, 0, []string{"published"}, "import", dir, "--publish", "--force")
}
