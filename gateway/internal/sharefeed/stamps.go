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

func (s *stamps) generation(site string) uint64 { return s.changes[s.sitePlace(site)].Load() }

// stamp is when something was kept.
type stamp struct {
	sitePlace, articlePlace uint64
	site                    uint64
	article                 uint32
}

// now returns the stamp of today for a link of an article.
func (s *stamps) now(site, article string) stamp {
	at := stamp{sitePlace: s.sitePlace(site), articlePlace: s.articlePlace(article)}
	at.site, at.article = s.sites[at.sitePlace].Load(), s.articles[at.articlePlace].Load()
	return at
}

// good reports whether nothing happened since a stamp.
func (s *stamps) good(k *kept) bool {
	return k.at.site == s.sites[k.at.sitePlace].Load() && k.at.article == s.articles[k.at.articlePlace].Load()
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
