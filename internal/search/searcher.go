package search

import (
	"context"
	"errors"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

// matchQuery is a query of bleve: what is wanted, in one scope, by a filter. It
// is for one search.
type matchQuery struct {
	wanted *wanted
	words  *vocabulary
	scope  string
	facts  Facts // nil for all
	work   *work // that of words
}

// Searcher implements query.Query.
func (q *matchQuery) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, _ search.SearcherOptions) (_ search.Searcher, err error) {
	s := &searcher{spare: q.wanted.spare()}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.scope, err = openScope(ctx, r, q.scope); err != nil {
		return nil, err
	}
	q.work.ctx = ctx
	if s.items, err = q.words.open(r, q.wanted.items); err != nil {
		return nil, err
	}
	if q.facts != nil {
		if s.facts, err = newFactReader(r, q.facts); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// openScope returns the documents of a scope, nil when they are all there are.
func openScope(ctx context.Context, r index.IndexReader, scope string) (*termPostings, error) {
	reader, err := r.TermFieldReader(ctx, []byte(scope), fieldScope, false, false, false)
	if err != nil {
		return nil, err
	}
	all, err := r.DocCount()
	if err != nil || reader.Count() == all {
		return nil, errors.Join(err, reader.Close())
	}
	return &termPostings{reader: reader}, nil
}

// groupStep stands between the scores of two groups; no counts reach it.
const groupStep = 1000

// searcher walks the documents of a scope that have what is wanted.
type searcher struct {
	items   []*matcher
	spare   int           // how many items a document may lack
	scope   *termPostings // nil when there is no other
	inScope uint64        // the document it stands on, one more
	facts   *factReader   // nil when all are taken
	started bool
}

// Next implements search.Searcher.
func (s *searcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	if err := s.step(ctx); err != nil {
		return nil, err
	}
	return s.find(ctx)
}

// find returns the first match that is not before the current documents.
func (s *searcher) find(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	for {
		doc, err := s.align(ctx)
		if err != nil || doc == none {
			return nil, err
		}
		ok, err := s.takes(ctx, doc)
		if err != nil {
			return nil, err
		}
		if ok {
			match := ctx.DocumentMatchPool.Get()
			match.IndexInternalID = index.NewIndexInternalID(match.IndexInternalID, doc)
			match.Score = s.score(doc)
			return match, nil
		}
		if err := s.advance(ctx, doc+1); err != nil {
			return nil, err
		}
	}
}

// step leaves the document that was returned last.
func (s *searcher) step(ctx *search.SearchContext) error {
	if s.started {
		return s.advance(ctx, s.least()+1)
	}
	s.started = true
	for _, m := range s.items {
		if err := m.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *searcher) least() uint64 {
	least := none
	for _, m := range s.items {
		least = min(least, m.doc)
	}
	return least
}

func (s *searcher) advance(ctx *search.SearchContext, doc uint64) error {
	for _, m := range s.items {
		if m.doc < doc {
			if err := m.advance(ctx, doc); err != nil {
				return err
			}
		}
	}
	return nil
}

// align moves to the next document that has enough of the items.
func (s *searcher) align(ctx *search.SearchContext) (uint64, error) {
	for {
		if s.spare == 0 {
			most := uint64(0)
			for _, m := range s.items {
				most = max(most, m.doc)
			}
			if most == none || most == s.least() {
				return most, nil
			}
			if err := s.advance(ctx, most); err != nil {
				return none, err
			}
			continue
		}
		least, has := s.least(), 0
		for _, m := range s.items {
			if m.doc == least {
				has++
			}
		}
		if least == none || has >= len(s.items)-s.spare {
			return least, nil
		}
		if err := s.advance(ctx, least+1); err != nil {
			return none, err
		}
	}
}

// takes reports whether the document is in the scope and the filter takes
// it.
func (s *searcher) takes(ctx *search.SearchContext, doc uint64) (bool, error) {
	if s.scope != nil && s.inScope < doc+1 {
		next, err := s.scope.advance(ctx, doc)
		if err != nil {
			return false, err
		}
		s.inScope = max(next, next+1) // none stays none
	}
	if s.scope != nil && s.inScope != doc+1 {
		return false, nil
	}
	if s.facts == nil {
		return true, nil
	}
	return s.facts.take(doc)
}

// score ranks the document: by its group, then by what its items count on the
// average. One that lacks items is in the last group.
func (s *searcher) score(doc uint64) float64 {
	worst, counts, has := byExact, 0.0, 0
	for _, m := range s.items {
		if m.doc != doc {
			continue
		}
		t, n := m.judge()
		worst, counts, has = min(worst, t), counts+n, has+1
	}
	counts /= float64(len(s.items))
	if has < len(s.items) {
		return counts
	}
	return float64(worst.group(len(s.items)))*groupStep + counts
}

// Advance implements search.Searcher.
func (s *searcher) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	if !s.started {
		if err := s.step(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.advance(ctx, id.Value()); err != nil {
		return nil, err
	}
	return s.find(ctx)
}

// Close implements search.Searcher.
func (s *searcher) Close() error {
	var failed []error
	for _, m := range s.items {
		failed = append(failed, m.close())
	}
	if s.scope != nil {
		failed = append(failed, s.scope.close())
	}
	return errors.Join(failed...)
}

// Count implements search.Searcher.
func (*searcher) Count() uint64 { return 0 }

// Min implements search.Searcher.
func (*searcher) Min() int { return 0 }

// Size implements search.Searcher.
func (*searcher) Size() int { return 0 }

// Weight implements search.Searcher.
func (*searcher) Weight() float64 { return 0 }

// SetQueryNorm implements search.Searcher.
func (*searcher) SetQueryNorm(float64) {}

// DocumentMatchPoolSize implements search.Searcher.
func (s *searcher) DocumentMatchPoolSize() int { return 1 + 8*len(s.items) }
