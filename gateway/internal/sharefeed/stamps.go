package sharefeed

import (
	"hash/maphash"
	"sync/atomic"
)

// Sizes of the tables of stamps, half a megabyte in all. Sites and articles that
// share a place are only asked for more often than needed.
const (
	sitePlaces    = 1 << 8
	articlePlaces = 1 << 17
)

// stamps are counters of changes, in a fixed number of places: what was kept
// under another stamp than the one of today is no longer good.
type stamps struct {
	seed     maphash.Seed
	sites    [sitePlaces]atomic.Uint64 // all links of a site lead elsewhere
	articles []atomic.Uint32           // all links of an article do
	changes  [sitePlaces]atomic.Uint64 // anything of a site changed
}

func newStamps() stamps {
	return stamps{seed: maphash.MakeSeed(), articles: make([]atomic.Uint32, articlePlaces)}
}

func (s *stamps) sitePlace(site string) uint64 { return maphash.String(s.seed, site) % sitePlaces }

func (s *stamps) articlePlace(name string) uint64 {
	return maphash.String(s.seed, name) % articlePlaces
}

func (s *stamps) site(site string) uint64 { return s.sites[s.sitePlace(site)].Load() }

func (s *stamps) article(name string) uint32 { return s.articles[s.articlePlace(name)].Load() }

func (s *stamps) generation(site string) uint64 { return s.changes[s.sitePlace(site)].Load() }

// good reports whether nothing happened to a link since it was kept.
func (s *stamps) good(k *kept) bool {
	return k.siteStamp == s.site(k.site) && k.articleStamp == s.article(k.article)
}

// siteChanged and articleChanged make what was kept no longer good.

func (s *stamps) siteChanged(site string) {
	s.sites[s.sitePlace(site)].Add(1)
	s.changes[s.sitePlace(site)].Add(1)
}

func (s *stamps) articleChanged(site, article string) {
	s.articles[s.articlePlace(article)].Add(1)
	s.changes[s.sitePlace(site)].Add(1)
}

// everythingChanged makes all generations other ones.
func (s *stamps) everythingChanged() {
	for i := range s.changes {
		s.changes[i].Add(1)
	}
}
