package search

import (
	"context"

	index "github.com/blevesearch/bleve_index_api"
)

// Limits of the work of one search, whatever it asks for. Ordinary queries do
// not come near them; of others, what is left out is what matters least:
// typing errors, beginnings, forms in phrases.
const (
	maxLooked = 1 << 14 // words of the index that are looked at
	maxOpened = 1 << 13 // terms whose documents are read
	maxExpand = 400     // terms that stand for one beginning, error or word of a phrase
	editCosts = 256     // words that finding those with an error counts as
)

// work counts what one search does. It is for one goroutine.
type work struct {
	ctx    context.Context //nolint:containedctx // bleve's searchers are not given one
	looked int
	opened int
	steps  int
	asked  int // steps and words since ctx was asked
}

// look counts words that are looked at, before they are. It reports whether
// they may be, and fails when the search has ended.
func (w *work) look(words int) (bool, error) {
	if w.looked+words > maxLooked {
		return false, nil
	}
	w.looked += words
	return true, w.ask(words)
}

// share is how many terms each of so many parts may have of those that are left.
func (w *work) share(parts int) int {
	return min(maxExpand, max(0, maxOpened-w.opened)/max(1, parts))
}

// step counts a move to another document. It fails when the search has ended.
func (w *work) step() error {
	w.steps++
	return w.ask(1)
}

// askEvery is how many steps a search makes before it looks whether it goes on.
const askEvery = 256

func (w *work) ask(count int) error {
	if w.asked += count; w.asked < askEvery {
		return nil
	}
	w.asked = 0
	return w.ctx.Err()
}

// watched is a reader of the index whose postings count their steps, for
// searchers of bleve, which do not ask.
type watched struct {
	index.IndexReader

	work *work
}

// TermFieldReader implements index.IndexReader.
func (r watched) TermFieldReader(ctx context.Context, term []byte, field string, freq, norm, vectors bool) (index.TermFieldReader, error) {
	r.work.opened++
	reader, err := r.IndexReader.TermFieldReader(ctx, term, field, freq, norm, vectors)
	if err != nil {
		return nil, err
	}
	return watchedTerms{reader, r.work}, nil
}

type watchedTerms struct {
	index.TermFieldReader

	work *work
}

// Next implements index.TermFieldReader.
func (t watchedTerms) Next(doc *index.TermFieldDoc) (*index.TermFieldDoc, error) {
	if err := t.work.step(); err != nil {
		return nil, err
	}
	return t.TermFieldReader.Next(doc)
}

// Advance implements index.TermFieldReader.
func (t watchedTerms) Advance(id index.IndexInternalID, doc *index.TermFieldDoc) (*index.TermFieldDoc, error) {
	if err := t.work.step(); err != nil {
		return nil, err
	}
	return t.TermFieldReader.Advance(id, doc)
}

// Optimize implements index.Optimizable where what is watched does.
func (t watchedTerms) Optimize(kind string, all index.OptimizableContext) (index.OptimizableContext, error) {
	if o, ok := t.TermFieldReader.(index.Optimizable); ok {
		return o.Optimize(kind, all)
	}
	return all, nil
}
