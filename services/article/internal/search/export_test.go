package search

import (
	"context"

	"github.com/blevesearch/bleve/v2"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Bare is a search by bleve alone: the query that Find asks, ready made, on the
// same index.
func (s *Search) Bare(q article.Search) (func(context.Context) (*bleve.SearchResult, error), error) {
	return s.Prepare(queryOf(q))
}
