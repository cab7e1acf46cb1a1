package demo_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/demo"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/demo/drawing"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/importer"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// tree is the digest of every file below a folder, by path.
func tree(t *testing.T, dir string) map[string][sha256.Size]byte {
	t.Helper()
	files := map[string][sha256.Size]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, path))
		files[path] = sha256.Sum256(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestWrite lays the newsroom out, checks it as the importer will see it, and
// lays it out again over itself.
func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "newsroom")
	if err := demo.Write(dir); err != nil {
		t.Fatal(err)
	}
	first := tree(t, dir)
	files, err := importer.Files(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 7 {
		t.Fatalf("%d articles, want at least 7", len(files))
	}
	used := map[string]bool{}
	languages := map[string]int{}
	kinds := map[string]bool{}
	for _, file := range files {
		m := checkManuscript(t, file)
		languages[m.Article.GetLanguageCode()]++
		for _, p := range m.Pictures() {
			used[p] = true
			checkPicture(t, filepath.Join(filepath.Dir(file), p))
		}
		for _, b := range m.Article.GetBlocks() {
			kinds[kind(b)] = true
			kinds["quote that goes on"] = kinds["quote that goes on"] || b.GetQuote().GetQuotationId() != ""
			kinds["nested list"] = kinds["nested list"] || slices.ContainsFunc(b.GetList().GetItems(), nested)
			kinds["figure without caption"] = kinds["figure without caption"] || b.GetFigure() != nil && b.GetFigure().GetPlacement().GetCaption() == ""
		}
	}
	if languages["lt"] < 5 || languages["en"] < 2 {
		t.Errorf("articles by language: %v, want 5 lt and 2 en or more", languages)
	}
	for _, want := range []string{"paragraph", "heading", "quote", "list", "table", "divider", "figure", "gallery", "quote that goes on", "nested list", "figure without caption"} {
		if !kinds[want] {
			t.Errorf("no article shows a %s", want)
		}
	}
	for _, name := range drawing.Names() {
		if !used[name+".jpg"] {
			t.Errorf("picture %s is drawn for no article", name)
		}
	}
	if err := demo.Write(dir); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, tree(t, dir)); diff != "" {
		t.Errorf("the second time gave other files (-first +second):\n%s", diff)
	}
}

func kind(b *articlev1.Block) string {
	return string(b.ProtoReflect().WhichOneof(b.ProtoReflect().Descriptor().Oneofs().ByName("content")).Name())
}

func nested(item *articlev1.ListItem) bool { return item.GetSublist() != nil }

func checkManuscript(t *testing.T, file string) *manuscript.Manuscript {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := manuscript.Parse(source, "xx")
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	name := filepath.Base(filepath.Dir(file))
	for _, n := range m.Notes {
		t.Errorf("%s: %v", name, n)
	}
	if m.Matter.ID != name || m.Matter.Slug == "" || m.Article.GetCover() == nil || m.Article.GetLead() == nil {
		t.Errorf("%s: id, slug, cover and lead have to be set, the id like the folder: %+v", name, m.Matter)
	}
	if !slices.Contains(demo.Site().GetLanguageCodes(), m.Article.GetLanguageCode()) {
		t.Errorf("%s: the site has no language %q", name, m.Article.GetLanguageCode())
	}
	when, err := m.Matter.Date.Time(0, time.UTC)
	if err != nil || when.Before(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)) || when.After(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%s: date %v (%v), want one from September to 21 November 2026", name, when, err)
	}
	if words := len(strings.Fields(string(source))); words < 150 || words > 500 {
		t.Errorf("%s: %d words with markup, want 150 to 500", name, words)
	}
	checkWords(t, name, m)
	return m
}

func checkPicture(t *testing.T, file string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	shape, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil || shape.Width < 1200 || shape.Height < 1200 {
		t.Errorf("%s: %d × %d (%v), want a JPEG of 1200 pixels or more", file, shape.Width, shape.Height, err)
	}
}

func TestWriteTellsWhatIsInTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := demo.Write(file); !errors.As(err, new(*fs.PathError)) {
		t.Errorf("got %v, want the error of the path", err)
	}
}
