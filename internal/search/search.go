// Package search finds the resources of a service by their words, in any of
// their grammatical forms.
//
// It keeps an index of bleve in a folder. A resource is one document in it, or
// two when authors see another text than readers do; each search is for one
// side of one site and sees nothing else. The index is derived from a [Source]:
// it follows the change feed and keeps its place in it inside, so that both are
// always of one moment. An index that is missing, damaged, of another store or
// made by other rules is made anew in the background; the folder can be deleted
// at any time.
//
// A search answers with names. It may be a moment older than the source, so
// whoever shows a resource reads it from there.
//
// A resource is ranked by how closely it has the words (see tier), then by
// where it has them (see [Place]), newer ones before older ones.
package search

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"github.com/blevesearch/bleve/v2"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/search/terms"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Parts are what a search is made of. All are required.
type Parts struct {
	Source Source
	// Folder is where the index is kept; it is made when it is missing.
	Folder string
	// Kind names what is found, in the folder and in logs, such as "articles".
	Kind string
	Log  *slog.Logger
}

// timeout bounds one search.
const timeout = 5 * time.Second

// Search finds resources. Its methods may be called by any number of goroutines.
type Search struct {
	analyzers *terms.Analyzers
	volume    *volume
	busy      chan struct{} // one place for each search under way
}

// Open opens the index if it can be used. One that cannot is made by Run; until
// then Find fails. Close when Run has returned.
func Open(ctx context.Context, p Parts) (*Search, error) {
	if p.Folder == "" {
		return nil, errors.New("search: no folder for the index")
	}
	identity, err := p.Source.Identity(ctx)
	if err != nil {
		return nil, err
	}
	s := &Search{analyzers: terms.New(), busy: make(chan struct{}, 2*runtime.GOMAXPROCS(0))}
	s.volume = newVolume(p, s.analyzers, identity)
	s.volume.open(ctx)
	return s, nil
}

// Run keeps the index up with the source until ctx ends. What fails is logged
// and tried again.
func (s *Search) Run(ctx context.Context) { s.volume.run(ctx) }

// CatchUp waits until searches know all that was written before the call.
func (s *Search) CatchUp(ctx context.Context) error {
	newest, err := s.volume.source.Version(ctx)
	if err != nil {
		return err
	}
	return s.volume.caughtUp(ctx, newest)
}

// Close closes the index.
func (s *Search) Close() { s.volume.replace(nil, 0) }

// Find returns the resources that q finds. It fails with INVALID_QUERY, with
// INDEX_UNAVAILABLE while the index is being made and with the error of ctx.
func (s *Search) Find(ctx context.Context, q Query) (Found, error) {
	want, err := parse(s.analyzers, q.Text, q.Languages)
	if err != nil {
		return Found{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	case <-ctx.Done():
		return Found{}, ctx.Err()
	}
	found, err := s.volume.find(ctx, q, want)
	found.Snippets = newSnippets(s.analyzers, want).of
	return found, err
}

// Prepare returns the query that Find asks, ready made, as a search by bleve
// alone: what Find is measured against. It fails with INVALID_QUERY.
func (s *Search) Prepare(q Query) (func(context.Context) (*bleve.SearchResult, error), error) {
	want, err := parse(s.analyzers, q.Text, q.Languages)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (*bleve.SearchResult, error) { return s.volume.ask(ctx, q, want) }, nil
}

func unavailable(err error) error {
	return fault.Unavailable(err, faultv1.Reason_REASON_INDEX_UNAVAILABLE,
		"the search index is being made anew; try again in a moment").RetryAfter(5 * time.Second)
}
