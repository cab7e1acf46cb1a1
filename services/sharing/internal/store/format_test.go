package store_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// TestStoredFormats finds what the programs of every format wrote, after
// bringing it to the newest one.
func TestStoredFormats(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "format*.db"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			content, err := os.ReadFile(file)
			must(t, err)
			path := filepath.Join(t.TempDir(), "sharing.db")
			must(t, os.WriteFile(path, content, 0o600))
			records, err := boltkv.Open(path, kv.Options{Format: store.Format()})
			must(t, err)
			defer func() { must(t, records.Close()) }()
			checkStored(t, store.New(records))
		})
	}
}

// checkStored finds the three articles of a stored format, in their lists, with
// their links, and the place in the feed.
func checkStored(t *testing.T, s *store.Store) {
	t.Helper()
	feed, err := s.Feed(t.Context())
	must(t, err)
	want(t, "the feed", []any{feed.Token, feed.Complete}, []any{"end", true})
	want(t, "all", ids(t, s, store.Query{}), []string{"vienas", "senas"})
	want(t, "a tag", ids(t, s, store.Query{Tag: "Knygos", Language: "lt"}), []string{"senas"})
	want(t, "one of many tags", ids(t, s, store.Query{Tag: "Žyma 19"}), []string{"vienas"})
	row, err := s.Article(t.Context(), published.Name{Site: "biblioteka", ID: "vienas"})
	must(t, err)
	want(t, "the title", row.GetTitle(), "Pataisytas")
	gone, err := s.Gone(t.Context(), published.Name{Site: "biblioteka", ID: "dinges"})
	must(t, err)
	want(t, "what is gone", gone.GetPath(), "/dinges")
	site, err := s.Site(t.Context(), "biblioteka")
	must(t, err)
	want(t, "the site", site.GetTitle(), "Bibliotekos naujienos")
	links := make(map[string]bool)
	for link, err := range s.WalkLinks(t.Context(), "biblioteka") {
		must(t, err)
		links[link.ArticleName().ID] = true
	}
	want(t, "links", links, map[string]bool{"vienas": true, "senas": true, "dinges": true})
}
