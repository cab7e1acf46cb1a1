// Package search says what of articles is found by their words, and how: the
// index is that of internal/search.
package search

import (
	"context"
	"log/slog"

	"github.com/skaitykla/skaitykla/internal/search"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Parts are what a search is made of. All are required.
type Parts struct {
	Store Store
	// Folder is where the index is kept; it is made when it is missing.
	Folder string
	Log    *slog.Logger
}

// Search finds articles. Its methods may be called by any number of goroutines.
type Search struct{ *search.Search }

// Open opens the index if it can be used. One that cannot is made by Run; until
// then Find fails. Close when Run has returned.
func Open(ctx context.Context, p Parts) (*Search, error) {
	s, err := search.Open(ctx, search.Parts{Source: source{p.Store}, Folder: p.Folder, Kind: "articles", Log: p.Log})
	if err != nil {
		return nil, err
	}
	return &Search{s}, nil
}

// Find returns the articles that q finds. It fails with INVALID_QUERY, with
// INDEX_UNAVAILABLE while the index is being made and with the error of ctx.
func (s *Search) Find(ctx context.Context, q article.Search) (article.Found, error) {
	result, err := s.Search.Find(ctx, queryOf(q))
	if err != nil {
		return article.Found{}, err
	}
	found := article.Found{Total: result.Total, More: result.More}
	for _, hit := range result.Hits {
		found.Hits = append(found.Hits, article.Hit{Name: article.Name(hit.Name), Position: hit.Position})
	}
	found.Snippets = func(a *articlev1.Article) []*articlev1.SearchArticlesResponse_Snippet {
		return snippets(result.Snippets(sectionOf(a)))
	}
	return found, nil
}

func queryOf(q article.Search) search.Query {
	query := search.Query{
		Site: q.Site, Languages: q.Languages, Text: q.Query, Side: search.Public,
		Order: search.Order(q.Order), After: q.After, Limit: q.Limit,
	}
	if q.Working {
		query.Side = search.Working
	}
	if q.Match != nil {
		query.Facts = &facts{match: q.Match}
	}
	return query
}

func snippets(all []search.Snippet) []*articlev1.SearchArticlesResponse_Snippet {
	var shown []*articlev1.SearchArticlesResponse_Snippet
	for _, one := range all {
		snippet := &articlev1.SearchArticlesResponse_Snippet{Field: one.Field}
		for _, p := range one.Pieces {
			snippet.Pieces = append(snippet.Pieces, &articlev1.SearchArticlesResponse_Piece{Text: p.Text, Match: p.Match})
		}
		shown = append(shown, snippet)
	}
	return shown
}
