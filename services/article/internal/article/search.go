package article

import articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"

// Search is what to look for.
type Search struct {
	// Site is the id of the site.
	Site string
	// Languages are the languages of the site, by each of which Query is
	// analyzed.
	Languages []string
	// Query is what was typed.
	Query string
	// Working looks among working copies instead of what is public.
	Working bool
	// Order says what comes first.
	Order SearchOrder
	// Match takes an article or leaves it out; nil takes all. The article it is
	// given has nothing but what filters may ask of a search: tags, topics,
	// language_code, publish_time, state and update_time.
	Match func(*articlev1.Article) bool
	// After is the position of the last hit of the page before; "" begins.
	After string
	// Limit is how many hits to return.
	Limit int
}

// SearchOrder is an order of hits.
type SearchOrder int

// The orders of hits.
const (
	BestFirst SearchOrder = iota
	NewestFirst
	OldestFirst
)

// Hit is an article that a search found. The index may be a moment older than
// the store, so it may be gone.
type Hit struct {
	Name Name
	// Position is where the hit stands in the order: see Search.After.
	Position string
}

// Found is what a search found.
type Found struct {
	Hits []Hit
	// Total counts all hits, whatever the page.
	Total int
	// More reports hits after the last one.
	More bool
	// Snippets returns the places of an article where the words stand, the
	// best one first.
	Snippets func(*articlev1.Article) []*articlev1.SearchArticlesResponse_Snippet
}
