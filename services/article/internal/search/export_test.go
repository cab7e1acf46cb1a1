package search

import (
	"context"
	"strconv"

	"github.com/blevesearch/bleve/v2"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/search/terms"
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

// Indexing is an index that is written to.
type Indexing struct {
	bleve.Index

	analyzers *terms.Analyzers
}

// NewIndexing makes an index in a folder.
func NewIndexing(folder string) (*Indexing, error) {
	index, err := create(folder)
	return &Indexing{index, terms.New()}, err
}

// Batch makes the documents of articles.
func (i *Indexing) Batch(all []*articlev1.Article) (*bleve.Batch, error) {
	batch := i.NewBatch()
	for n, a := range all {
		name := article.Name{Site: "biblioteka", ID: strconv.Itoa(n)}
		if err := batch.IndexAdvanced(documentOf(i.analyzers, name, a, public, working)); err != nil {
			return nil, err
		}
	}
	return batch, nil
}

// Write writes them.
func (i *Indexing) Write(ctx context.Context, batch *bleve.Batch) error {
	return write(ctx, i.Index, batch)
}
