package search

import (
	"context"

	"github.com/blevesearch/bleve/v2"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/search/terms"
)

// source reads from the store what an index holds.
type source struct {
	store     Store
	analyzers *terms.Analyzers
}

// put brings an article of the index up to date: one document when authors see
// what readers do, else one for each side that shows anything.
func (s *source) put(ctx context.Context, batch *bleve.Batch, n article.Name) error {
	seen, err := s.public(ctx, n)
	if err != nil {
		return err
	}
	l, err := s.store.Load(ctx, n, 0)
	switch {
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
		seen = nil // purged
	case err != nil:
		return err
	}
	switch {
	case seen == nil:
		batch.Delete(idOf(public, n))
	case l.State.GetRevision() == l.State.GetPublishedRevision():
		batch.Delete(idOf(working, n))
		return batch.IndexAdvanced(documentOf(s.analyzers, n, seen, public, working))
	default:
		if err := batch.IndexAdvanced(documentOf(s.analyzers, n, seen, public)); err != nil {
			return err
		}
	}
	if l.State == nil || l.State.GetState() == article.Deleted {
		batch.Delete(idOf(working, n))
		return nil
	}
	draft := article.Working(l.State, l.Number, l.Revision, l.Site.GetSite())
	return batch.IndexAdvanced(documentOf(s.analyzers, n, draft, working))
}

// public returns what readers see, nil for nothing.
func (s *source) public(ctx context.Context, n article.Name) (*articlev1.Article, error) {
	encoded, err := s.store.Projection(ctx, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a := &articlev1.Article{}
	if err := proto.Unmarshal(encoded, a); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the projection of %s is damaged; restore the store from a copy", n)
	}
	return a, nil
}
