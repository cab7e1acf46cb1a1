package search

import (
	"context"
	"iter"
	"strings"
	"time"
)

// Name names a resource.
type Name struct {
	Site string // its id
	ID   string
}

// Source is what an index is made from.
type Source interface {
	// Version returns the version of the newest write.
	Version(ctx context.Context) (uint64, error)
	// Watch yields what happened after the version, in order, and never ends by
	// itself. It fails with RESUME_TOKEN_EXPIRED when it does not reach back.
	Watch(ctx context.Context, after uint64) iter.Seq2[Changes, error]
	// Identity names the store. Another one has the index made anew.
	Identity(ctx context.Context) ([]byte, error)
	// Names returns at most limit names after a position, and the position after
	// them; none end the walk.
	Names(ctx context.Context, after []byte, limit int) (names []Name, next []byte, err error)
	// Documents returns what is found of a resource: nothing, or a document for
	// each side it is seen from, or one for both.
	Documents(ctx context.Context, n Name) ([]Document, error)
}

// Changes are what happened up to a version.
type Changes struct {
	// Names are the resources that may have changed.
	Names []Name
	// Through is the version to go on from.
	Through uint64
	// Idle tells that nothing happened to anything for a while.
	Idle bool
}

// Document is a resource as it is filed.
type Document struct {
	// Sides are those it is seen from, at least one, Public first.
	Sides []Side
	// Sections are its texts, one for each language; none of its texts are kept.
	Sections []Section
	// Newest is what newer stands before older by, and Order what lists in the
	// order of time are sorted by; zero times are the earliest.
	Newest, Order time.Time
	// Facts are what filters ask.
	Facts []Fact
}

// Section are the texts in one language, by place, in the order of reading. A
// phrase does not reach from one text into the next.
type Section struct {
	// Language is a code of BCP 47; see terms.Any for texts that may be of any.
	Language string
	Texts    [often][]string
}

// Add adds a text to a place; an empty one is left out.
func (s *Section) Add(p Place, text string) {
	if text != "" {
		s.Texts[p] = append(s.Texts[p], text)
	}
}

// Fact is a field with values that filters ask for.
type Fact struct {
	Field  string
	Values []string
}

// Facts are a filter over the facts of documents. It is for one search.
type Facts interface {
	// Fields are those it asks for.
	Fields() []string
	// Begin begins with the next document, of which Add tells the facts.
	Begin()
	Add(field, value string)
	// Take reports whether the document is taken.
	Take() bool
}

// Query is what to look for.
type Query struct {
	// Site is the id of the site.
	Site string
	// Languages are those by which Text is analyzed.
	Languages []string
	// Text is what was typed.
	Text string
	// Side is the one to look from.
	Side Side
	// Order says what comes first.
	Order Order
	// Facts takes documents or leaves them out; nil takes all.
	Facts Facts
	// After is the position of the last hit of the page before; "" begins.
	After string
	// Limit is how many hits to return.
	Limit int
}

// Order is an order of hits.
type Order int

// The orders of hits.
const (
	BestFirst Order = iota
	NewestFirst
	OldestFirst
)

// Hit is a resource that a search found. The index may be a moment older than
// the source, so it may be gone.
type Hit struct {
	Name Name
	// Position is where the hit stands in the order: see Query.After.
	Position string
}

// Found is what a search found.
type Found struct {
	Hits []Hit
	// Total counts all hits, whatever the page.
	Total int
	// More reports hits after the last one.
	More bool
	// Snippets returns the places of a section where the words stand, the best
	// one first.
	Snippets func(Section) []Snippet
}

// idOf is the id of the document of a resource on a side, or on both.
func idOf(s Side, n Name) string { return scopeOf(s, n.Site) + "/" + n.ID }

// parseID reads what idOf wrote.
func parseID(id string) (Name, bool) {
	_, rest, _ := strings.Cut(id, "/")
	site, name, ok := strings.Cut(rest, "/")
	return Name{Site: site, ID: name}, ok
}
