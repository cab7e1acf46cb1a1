package search

import (
	"context"
	"errors"

	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

// none is the document after the last one.
const none = ^uint64(0)

// postings are the documents that have a term, in ascending order. Both methods
// return none at the end; advance goes forward only.
type postings interface {
	next(ctx *search.SearchContext) (uint64, error)
	advance(ctx *search.SearchContext, doc uint64) (uint64, error)
	close() error
}

// termPostings read the documents of a term, or of several together.
type termPostings struct {
	reader index.TermFieldReader
	doc    index.TermFieldDoc
	id     index.IndexInternalID
}

func (t *termPostings) next(*search.SearchContext) (uint64, error) {
	return numberOf(t.reader.Next(t.doc.Reset()))
}

func (t *termPostings) advance(_ *search.SearchContext, doc uint64) (uint64, error) {
	t.id = index.NewIndexInternalID(t.id, doc)
	return numberOf(t.reader.Advance(t.id, t.doc.Reset()))
}

func (t *termPostings) close() error { return t.reader.Close() }

func numberOf(doc *index.TermFieldDoc, err error) (uint64, error) {
	if err != nil || doc == nil {
		return none, err
	}
	return doc.ID.Value(), nil
}

// openTerms returns the documents that have any of the terms in a field; several
// postings when the index does not join them.
func openTerms(ctx context.Context, reader index.IndexReader, field string, all []string) ([]postings, error) {
	var opened []postings
	var readers []index.TermFieldReader
	for _, term := range all {
		r, err := reader.TermFieldReader(ctx, []byte(term), field, false, false, false)
		if err != nil {
			return nil, errors.Join(err, closeAll(opened))
		}
		opened, readers = append(opened, &termPostings{reader: r}), append(readers, r)
	}
	joined, err := join(readers)
	switch {
	case err != nil:
		return nil, errors.Join(err, closeAll(opened))
	case joined == nil:
		return opened, nil
	}
	return []postings{&termPostings{reader: joined}}, closeAll(opened)
}

// join returns one reader for several, or nil when there is no gain in it.
func join(readers []index.TermFieldReader) (index.TermFieldReader, error) {
	if len(readers) < 2 {
		return nil, nil
	}
	var all index.OptimizableContext
	for _, r := range readers {
		o, ok := r.(index.Optimizable)
		if !ok {
			return nil, nil
		}
		var err error
		if all, err = o.Optimize("disjunction:unadorned", all); err != nil || all == nil {
			return nil, err
		}
	}
	joined, err := all.Finish()
	if err != nil {
		return nil, err
	}
	reader, _ := joined.(index.TermFieldReader) // nil when there is none
	return reader, nil
}

func closeAll(all []postings) error {
	var failed []error
	for _, p := range all {
		failed = append(failed, p.close())
	}
	return errors.Join(failed...)
}

// phrasePostings read the documents that a searcher of bleve finds.
type phrasePostings struct {
	searcher search.Searcher
	id       index.IndexInternalID
}

func (p *phrasePostings) next(ctx *search.SearchContext) (uint64, error) {
	match, err := p.searcher.Next(ctx)
	return p.take(ctx, match, err)
}

func (p *phrasePostings) advance(ctx *search.SearchContext, doc uint64) (uint64, error) {
	p.id = index.NewIndexInternalID(p.id, doc)
	match, err := p.searcher.Advance(ctx, p.id)
	return p.take(ctx, match, err)
}

func (*phrasePostings) take(ctx *search.SearchContext, match *search.DocumentMatch, err error) (uint64, error) {
	if err != nil || match == nil {
		return none, err
	}
	doc := match.IndexInternalID.Value()
	ctx.DocumentMatchPool.Put(match)
	return doc, nil
}

func (p *phrasePostings) close() error { return p.searcher.Close() }
