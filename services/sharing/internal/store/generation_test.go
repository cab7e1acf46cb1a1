package store_test

import (
	"testing"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// TestGeneration counts what changes, and nothing else.
func TestGeneration(t *testing.T) {
	s, _ := open(t)
	a := piece("vienas", noon.Add(-time.Hour), "Knygos")
	a.Blocks = sharingtest.Whole().GetBlocks()
	steps := []struct {
		what   string
		change func()
		counts bool
	}{
		{"a new site", func() { learnSite(t, s, sharingtest.Site()) }, true},
		{"the same site", func() { learnSite(t, s, sharingtest.Site()) }, false},
		{"published", func() { learn(t, s, a) }, true},
		{"told again", func() { learn(t, s, a) }, false},
		{"a photo in the body that was withdrawn", func() {
			for _, block := range a.GetBlocks() {
				if figure := block.GetFigure(); figure != nil {
					figure.Placement.Placed = nil
				}
			}
			learn(t, s, a)
		}, true},
		{"a translation", func() {
			a.Translations = []*articlev1.Translation{{LanguageCode: "en", Path: "/en/one"}}
			learn(t, s, a)
		}, true},
		{"withdrawn", func() { learnAs(t, s, a.GetName(), nil) }, true},
		{"another title of the site", func() {
			site := sharingtest.Site()
			site.Title = "Kitaip"
			learnSite(t, s, site)
		}, true},
	}
	for _, step := range steps {
		before, err := s.Generation(t.Context(), "biblioteka")
		must(t, err)
		step.change()
		after, err := s.Generation(t.Context(), "biblioteka")
		must(t, err)
		if (after > before) != step.counts {
			t.Errorf("%s: the generation went from %d to %d", step.what, before, after)
		}
	}
	if n, err := s.Generation(t.Context(), "kita"); n != 0 || err != nil {
		t.Errorf("a site that is not there: %d, %v", n, err)
	}
}

func learnSite(tb testing.TB, s *store.Store, site *articlev1.Site) {
	tb.Helper()
	_, err := s.LearnSites(tb.Context(), []*articlev1.Site{site}, noon)
	must(tb, err)
}
