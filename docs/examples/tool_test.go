package examples_test

import (
	"bufio"
	"image"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestTool does with the example what docs/tools.md says of it.
func TestTool(t *testing.T) {
	s := newSuite(t)
	_, err := s.operator.CreateSite(t.Context(), &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: &articlev1.Site{
		Title: "Biblioteka", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt"}, TimeZone: "Europe/Vilnius",
	}})
	must(t, err)
	a, err := s.articles.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: "sites/biblioteka", ArticleId: "naujiena", Article: &articlev1.Article{Title: "Naujiena"},
	})
	must(t, err)
	t.Run("list", func(t *testing.T) {
		want(t, s, true, a.GetName()+"\t"+a.GetEtag()+"\tNaujiena", "list", "biblioteka")
	})
	t.Run("edit", func(t *testing.T) {
		want(t, s, true, "r2-", "retitle", a.GetName(), "Kita naujiena")
		want(t, s, false, "RESOURCE_NOT_FOUND", "retitle", "sites/biblioteka/articles/nera", "X")
		want(t, s, false, "INVALID_FIELD", "retitle", a.GetName(), strings.Repeat("x", 301))
	})
	t.Run("upload", func(t *testing.T) {
		picture := s.file("langas.jpg")
		f, err := os.Create(picture)
		must(t, err)
		must(t, jpeg.Encode(f, image.NewGray(image.Rect(0, 0, 640, 480)), nil))
		must(t, f.Close())
		want(t, s, true, "640 x 480", "upload", "biblioteka", picture, "Langas į biblioteką")
		want(t, s, false, "IMAGE_UNSUPPORTED", "upload", "biblioteka", s.ca, "Ne nuotrauka")
	})
	t.Run("follow", func(t *testing.T) { follow(t, s, a.GetName()) })
	t.Run("without a certificate", func(t *testing.T) {
		c := exec.CommandContext(t.Context(), s.program, "-article", s.article, "-media", s.media, "-ca", s.ca, "list", "biblioteka")
		if output, err := c.CombinedOutput(); err == nil {
			t.Errorf("the services took somebody without a certificate: %s", output)
		}
	})
}

// want runs the example and wants the words in what it prints.
func want(t *testing.T, s *suite, succeed bool, words string, args ...string) {
	t.Helper()
	output, ok := s.run(t, args...)
	if ok != succeed || !strings.Contains(output, words) {
		t.Errorf("%q: succeeded is %v, want %v with %q:\n%s", args, ok, succeed, words, output)
	}
}

// follow stops the example and starts it again: it misses nothing.
func follow(t *testing.T, s *suite, name string) {
	t.Helper()
	state := s.file("state")
	publish(t, s, name)
	lines, stop := s.following(t, state)
	await(t, lines, "SNAPSHOT\t"+name)
	awaitFile(t, state)
	stop()
	unpublish(t, s, name)
	publish(t, s, name)
	lines, stop = s.following(t, state)
	await(t, lines, "UNPUBLISHED\t"+name)
	await(t, lines, "PUBLISHED\t"+name)
	stop()
	// A token of another installation is as good as none.
	must(t, os.WriteFile(state, []byte("AAAA\n"), 0o600))
	lines, stop = s.following(t, state)
	await(t, lines, "SNAPSHOT\t"+name)
	stop()
}

// following starts the example and returns what it prints, line by line.
func (s *suite) following(t *testing.T, state string) (lines *bufio.Scanner, stop func()) {
	t.Helper()
	c := s.command(t, "follow", "biblioteka", state)
	out, err := c.StdoutPipe()
	must(t, err)
	c.Stderr = os.Stderr
	must(t, c.Start())
	return bufio.NewScanner(out), func() {
		must(t, c.Process.Signal(os.Interrupt))
		_, _ = io.Copy(io.Discard, out)
		if err := c.Wait(); err != nil {
			t.Errorf("the example did not stop well: %v", err)
		}
	}
}

// awaitFile waits until the example has kept a token.
func awaitFile(t *testing.T, path string) {
	t.Helper()
	for range time.Tick(10 * time.Millisecond) {
		if _, err := os.Stat(path); err == nil || t.Context().Err() != nil {
			return
		}
	}
}

// await reads on until a line begins with the words.
func await(t *testing.T, lines *bufio.Scanner, words string) {
	t.Helper()
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), words) {
			return
		}
	}
	t.Fatalf("the example ended before it told %q", words)
}

func publish(t *testing.T, s *suite, name string) {
	t.Helper()
	a, err := s.articles.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
	must(t, err)
	_, err = s.articles.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: name, Etag: a.GetEtag()})
	must(t, err)
}

func unpublish(t *testing.T, s *suite, name string) {
	t.Helper()
	a, err := s.articles.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
	must(t, err)
	_, err = s.articles.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: name, Etag: a.GetEtag()})
	must(t, err)
}
