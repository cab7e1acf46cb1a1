package article_test

import (
	"bytes"
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article"
)

// journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) use(c *article.Config) { c.Log = slog.New(slog.NewTextHandler(j, nil)) }

// TestSearchIndexIsKept stops and starts the service: the index answers before
// anything is indexed, and hears then of what happened meanwhile.
func TestSearchIndexIsKept(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	s.index()
	s.add("Pirmoji naujiena")
	s.find("naujiena")
	s.stop()

	s = start(t, dir)
	resp, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "naujiena"})
	if got := titlesFound(must(t, resp, err)); got != "Pirmoji naujiena" {
		t.Errorf("the kept index finds %q", got)
	}
	s.add("Antroji naujiena")
	s.stop()

	var said journal
	s = start(t, dir, said.use)
	s.index()
	if got := titlesFound(s.find("naujiena")); got != "Antroji naujiena | Pirmoji naujiena" {
		t.Errorf("after another start: %s", got)
	}
	if strings.Contains(said.String(), "index") {
		t.Errorf("the index was not just gone on with: %s", said.String())
	}
}

// TestSearchIndexIsMendedByItself damages the folder in every way that a disk
// and an operator have.
func TestSearchIndexIsMendedByItself(t *testing.T) {
	for _, test := range []struct {
		name string
		harm func(t *testing.T, folder string)
		log  string
	}{
		{"removed", func(t *testing.T, folder string) { t.Helper(); must(t, 0, os.RemoveAll(folder)) }, "was made"},
		{"empty", func(t *testing.T, folder string) { t.Helper(); each(t, folder, os.Remove) }, "cannot be used"},
		{"cut off", func(t *testing.T, folder string) {
			t.Helper()
			each(t, folder, func(name string) error { return os.Truncate(name, 20) })
		}, "cannot be used"},
		{"noise", func(t *testing.T, folder string) {
			t.Helper()
			each(t, folder, func(name string) error { return os.WriteFile(name, bytes.Repeat([]byte("noise"), 9000), 0o600) })
		}, "cannot be used"},
		{"segments cut off", func(t *testing.T, folder string) {
			t.Helper()
			each(t, filepath.Join(folder, "*", "store", "*.zap"), func(name string) error { return os.Truncate(name, 100) })
		}, "is made anew"}, // what bleve opens of it differs
		{"a bit flipped", func(t *testing.T, folder string) {
			t.Helper()
			each(t, filepath.Join(folder, "*", "store", "*.zap"), flip)
		}, "is damaged"},
		{"half made", func(t *testing.T, folder string) {
			t.Helper()
			must(t, 0, os.Rename(filepath.Join(folder, "articles"), filepath.Join(folder, "articles.new")))
		}, "was made"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			s := start(t, dir)
			s.site("biblioteka")
			s.index()
			s.add("Knygų mugė", strings.Repeat("Daug žodžių apie knygas. ", 50))
			s.find("mugė")
			s.stop()
			test.harm(t, filepath.Join(dir, "index"))

			var said journal
			s = start(t, dir, said.use)
			s.index()
			s.wantMended(&said, test.log)
			if got := titlesFound(s.find("knygos")); got != "Knygų mugė" {
				t.Errorf("found %q; %s", got, said.String())
			}
		})
	}
}

// wantMended waits until the index was made anew and that was said.
func (s *suite) wantMended(said *journal, why string) {
	s.t.Helper()
	const patience = 30 * time.Second
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for !strings.Contains(said.String(), "the search index was made") || !strings.Contains(said.String(), why) {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			s.t.Fatalf("not mended: %s", said.String())
		}
	}
}

// each calls do with every file below a folder or matching a pattern.
func each(t *testing.T, pattern string, do func(name string) error) {
	t.Helper()
	roots, err := filepath.Glob(pattern)
	must(t, roots, err)
	count := 0
	for _, root := range roots {
		must(t, 0, filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			count++
			return do(name)
		}))
	}
	if count == 0 {
		t.Fatalf("there is nothing at %s, so this tests nothing", pattern)
	}
}

// flip changes one bit in the middle of a file.
func flip(name string) error {
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	content[len(content)/2] ^= 4
	return os.WriteFile(name, content, 0o600)
}

// TestSearchIndexOfAnotherStore lets an index stand beside a store that it was
// not made from.
func TestSearchIndexOfAnotherStore(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	s.index()
	s.add("Slapta naujiena")
	s.find("naujiena")
	s.stop()
	must(t, 0, os.Rename(filepath.Join(dir, "index"), filepath.Join(other, "index")))

	var said journal
	s = start(t, other, said.use)
	s.site("biblioteka")
	_, err := s.anonymous.SearchArticles(t.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "naujiena"})
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_INDEX_UNAVAILABLE)
	s.index()
	if resp := s.find("naujiena"); resp.GetTotalSize() != 0 {
		t.Errorf("got %v", resp)
	}
	if !strings.Contains(said.String(), "cannot be used") {
		t.Errorf("nobody was told: %s", said.String())
	}
}
