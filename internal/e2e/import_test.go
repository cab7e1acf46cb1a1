package e2e_test

import (
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestImport tries the importer on a folder of its own making.
func TestImport(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	dir := t.TempDir()
	drawPicture(t, filepath.Join(dir, "lentyna.jpg"), color.RGBA{R: 90, G: 60, B: 20, A: 255})
	file := filepath.Join(dir, "index.md")
	const name = "sites/kaunas/articles/knygu-muge"
	source := `---
title: Knygų mugė
date: 2024-03-01
language: lt
---
Mugė kviečia visus skaitančius.

![Medinė lentyna su spalvotomis knygomis](lentyna.jpg "Nauja lentyna")

Antra pastraipa.
`
	write(t, file, source)
	steps := []struct {
		name  string
		args  []string
		exit  int
		wants []string
	}{
		{"dry run", []string{"import", dir, "--dry-run"}, 0, []string{"would be created"}},
		{"first", []string{"import", dir, "--publish"}, 0, []string{"created, published at /knygu-muge"}},
		{"again", []string{"import", dir, "--publish"}, 0, []string{"unchanged"}},
	}
	for _, s := range steps {
		expect(t, suite, s.exit, s.wants, s.args...)
	}
	write(t, file, strings.Replace(source, "Antra pastraipa.", "Antra pastraipa, pataisyta.", 1))
	expect(t, suite, 0, []string{"would be updated", "a paragraph, changed"}, "import", dir, "--dry-run")
	if status, body := get(t, suite.HTTP+"/knygu-muge"); status != http.StatusOK || strings.Contains(string(body), "pataisyta") {
		t.Errorf("a dry run changed the page (%d)", status)
	}
	expect(t, suite, 0, []string{"updated, published"}, "import", dir, "--publish")

	editor := editTitle(t, suite, name)
	write(t, file, strings.Replace(source, "Antra pastraipa.", "Trečia redakcija.", 1))
	expect(t, suite, 1, []string{editor, "title", "--force"}, "import", dir)
	expect(t, suite, 0, []string{"updated"}, "import", dir, "--force")
	if output, _ := suite.Run(t, "article", "get", "knygu-muge"); !strings.Contains(output, "Trečia redakcija") || strings.Contains(output, "Redaktoriaus") {
		t.Errorf("--force did not overwrite:\n%s", output)
	}
	t.Run("pictures that cannot be read", func(t *testing.T) { unreadablePictures(t, suite) })
	t.Run("pages that are gone", func(t *testing.T) { gone(t, suite) })
}

// expect runs a command and wants its exit code and words in what it prints.
func expect(t *testing.T, suite *e2e.Suite, exit int, words []string, args ...string) {
	t.Helper()
	output, got := suite.Run(t, args...)
	if got != exit {
		t.Errorf("%v: exit %d, want %d\n%s", args, got, exit, output)
	}
	for _, w := range words {
		if !strings.Contains(output, w) {
			t.Errorf("%v does not say %q:\n%s", args, w, output)
		}
	}
}

// editTitle changes the title as another person and returns who that was.
func editTitle(t *testing.T, suite *e2e.Suite, name string) string {
	t.Helper()
	const editor = "ona@example.lt"
	token, exit := tokenFor(t, suite, editor, "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	articles := articlev1.NewArticleServiceClient(dial(t, suite.Article))
	current, err := articles.GetArticle(ctx, &articlev1.GetArticleRequest{Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
	if err != nil {
		t.Fatal(err)
	}
	_, err = articles.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article:    &articlev1.Article{Name: name, Etag: current.GetEtag(), Title: "Redaktoriaus pavadinimas"},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"title"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return editor
}

// tokenFor makes a token with the command of the operator.
func tokenFor(tb testing.TB, suite *e2e.Suite, who, role string) (token string, exit int) {
	tb.Helper()
	output, exit := suite.Run(tb, "token", "create", "--for", who, "--role", role, "--site", "kaunas")
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return lines[len(lines)-1], exit
}

func unreadablePictures(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	dir := t.TempDir()
	const head = "---\ntitle: Be nuotraukų\n---\nTekstas.\n\n"
	write(t, filepath.Join(dir, "text.jpg"), "this is no picture")
	for _, tt := range []struct{ name, source, want string }{
		{"missing", head + "![Medinė lentyna](nera.jpg)\n", "nera.jpg"},
		{"outside the folder", head + "![Medinė lentyna](../../etc/hostname)\n", "../../etc/hostname"},
		{"not a picture", head + "![Medinė lentyna](text.jpg)\n", "text.jpg"},
	} {
		write(t, filepath.Join(dir, "index.md"), tt.source)
		expect(t, suite, 1, []string{tt.want}, "import", dir)
	}
	expect(t, suite, 1, nil, "article", "get", "be-nuotrauku")
}

func gone(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	expect(t, suite, 0, []string{"is unpublished"}, "article", "unpublish", "knygu-muge")
	if status, _ := get(t, suite.HTTP+"/knygu-muge"); status != http.StatusGone {
		t.Errorf("the page of an unpublished article answers %d, want 410", status)
	}
	if status, _ := get(t, suite.HTTP+"/niekada-nebuvo"); status != http.StatusNotFound {
		t.Errorf("a page that never was answers %d, want 404", status)
	}
	expect(t, suite, 0, []string{"is published"}, "article", "publish", "knygu-muge")
	if status, _ := get(t, suite.HTTP+"/knygu-muge"); status != http.StatusOK {
		t.Errorf("the page answers %d after it was published again", status)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// drawPicture writes a JPEG with a gradient of a color.
func drawPicture(t *testing.T, path string, c color.RGBA) {
	t.Helper()
	const width, height = 1200, 800
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			shade := c
			shade.G = uint8((int(c.G) + x*255/width) % 256)
			picture.SetRGBA(x, y, shade)
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, picture, nil); err != nil {
		t.Fatal(err)
	}
}
