package e2e_test

import (
	"encoding/json"
	"image/color"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// TestImporterPromises tries what the importer promises to whoever edits the
// same articles by other means.
func TestImporterPromises(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	t.Run("an edit carried into the file", func(t *testing.T) { carriedEdit(t, suite) })
	t.Run("taken away from readers", func(t *testing.T) { takenAway(t, suite) })
	t.Run("one article twice", func(t *testing.T) { twice(t, suite) })
	t.Run("output for scripts", func(t *testing.T) { forScripts(t, suite) })
	t.Run("a picture that the site has", func(t *testing.T) { fromLibrary(t, suite) })
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

// twice imports a folder with two files of one title.
func twice(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name, "index.md"), "---\ntitle: Dvyniai\n---\nTekstas "+name+".\n")
	}
	expect(t, suite, 1, []string{"created", "b/index.md is the same article as", "id:"}, "import", dir)
	expect(t, suite, 0, []string{"Tekstas a."}, "article", "get", "dvyniai")
}

// fromLibrary imports an article with a picture that was added before, with
// what is to be printed beside it.
func fromLibrary(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := manuscriptDir(t, "---\nid: lentyna\ntitle: Lentyna\n---\nTekstas.\n\n![Medinė lentyna](lentyna.jpg)\n")
	drawPicture(t, filepath.Join(dir, "lentyna.jpg"), color.RGBA{R: 90, B: 40, A: 255})
	photo := add(t, suite, 0, filepath.Join(dir, "lentyna.jpg"), "--credit", "Ona Onaitė", "--license", "CC-BY-4.0").Files[0].Photo
	expect(t, suite, 0, []string{"created"}, "import", dir, "--publish")
	status, page := get(t, suite.HTTP+"/lentyna")
	for _, want := range []string{"/" + filepath.Base(photo) + "/", "Ona Onaitė", "CC BY 4.0"} {
		if status != http.StatusOK || !strings.Contains(string(page), want) {
			t.Errorf("the page does not show %q of the photo that the site had: %d\n%s", want, status, page)
		}
	}
	expect(t, suite, 0, []string{"unchanged"}, "import", dir)
	expect(t, suite, 0, []string{"withdrawn"}, "photos", "withdraw", filepath.Base(photo), "--reason", "Prašymas Nr. 7")
	expect(t, suite, 0, []string{"unchanged"}, "import", dir)
	if output, _ := suite.Run(t, "photos", "list", "--json"); strings.Count(output, `"filename":"lentyna.jpg"`) != 1 {
		t.Errorf("the imports made other records of the same picture:\n%s", output)
	}
}

// forScripts reads what --json prints, also when something fails.
func forScripts(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := manuscriptDir(t, "---\ntitle: Skriptams\n---\nTekstas.\n\n##\n\nPabaiga.\n")
	output, exit := suite.Run(t, "import", dir, filepath.Join(dir, "nera.md"), "--publish", "--json")
	if exit != 1 || !strings.HasPrefix(output, "error: ") {
		t.Errorf("a file that is not there: exit %d\n%s", exit, output)
	}
	output, exit = suite.Run(t, "import", dir, "--publish", "--json")
	var results []struct {
		Outcome, Error string
		Findings       []struct {
			Rule, Severity string
			Block          int
		}
	}
	if err := json.NewDecoder(strings.NewReader(output)).Decode(&results); err != nil || exit != 1 || len(results) != 1 {
		t.Fatalf("import --json: exit %d, %v\n%s", exit, err, output)
	}
	if r := results[0]; r.Outcome != "created" || r.Error == "" || len(r.Findings) != 1 ||
		r.Findings[0].Rule != "heading-empty" || r.Findings[0].Severity != "SEVERITY_ERROR" || r.Findings[0].Block != 1 {
		t.Errorf("import --json tells %+v", r)
	}
	list, _ := suite.Run(t, "article", "list", "--json")
	var ids []string
	for line := range strings.Lines(list) {
		var article struct{ Name string }
		if err := json.Unmarshal([]byte(line), &article); err != nil {
			t.Errorf("a line of article list --json: %v\n%s", err, line)
		}
		ids = append(ids, filepath.Base(article.Name))
	}
	if diff := cmp.Diff([]string{"skriptams", "dvyniai", "atimtas", "derinys"}, ids); diff != "" {
		t.Errorf("article list --json (-want +got):\n%s", diff)
	}
	refused := manuscriptDir(t, "---\ntitle: Dansk\nlanguage: da\n---\nTekst.\n")
	output, _ = suite.Run(t, "import", refused)
	if strings.Contains(output, "rpc error") || strings.Contains(output, "created") || !strings.Contains(output, "choose one of lt, en") {
		t.Errorf("a refused file is told as:\n%s", output)
	}
}
