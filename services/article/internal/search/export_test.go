package search

import (
	"context"

	"github.com/blevesearch/bleve/v2"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Bare is a search by bleve alone: the query that Find asks, ready made, on the
// same index.
func (s *Search) Bare(q article.Search) (func(context.Context) (*bleve.SearchResult, error), error) {
	want, err := parse(s.analyzers, q.Query, q.Languages)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (*bleve.SearchResult, error) { return s.volume.ask(ctx, q, want) }, nil
}
