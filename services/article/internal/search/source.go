package search

import (
	"context"
	"iter"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/search"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Store is what the index is made from.
type Store interface {
	Version(ctx context.Context) (uint64, error)
	WatchAll(ctx context.Context, after uint64) iter.Seq2[article.Batch, error]
	Secret(ctx context.Context, name string, size int) ([]byte, error)
	Names(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error)
	ParsePosition(position []byte) (article.Name, bool)
	Projection(ctx context.Context, n article.Name) ([]byte, error)
	Load(ctx context.Context, n article.Name, revision int64) (article.Loaded, error)
}

// identitySize is the length of the identity of a store in bytes.
const identitySize = 16

// source reads from the store what the index holds.
type source struct{ store Store }

// Version implements search.Source.
func (s source) Version(ctx context.Context) (uint64, error) { return s.store.Version(ctx) }

// Identity implements search.Source. A redaction gives the store another one.
func (s source) Identity(ctx context.Context) ([]byte, error) {
	return s.store.Secret(ctx, article.IndexSecret, identitySize)
}

// Watch implements search.Source.
func (s source) Watch(ctx context.Context, after uint64) iter.Seq2[search.Changes, error] {
	return func(yield func(search.Changes, error) bool) {
		for batch, err := range s.store.WatchAll(ctx, after) {
			changes := search.Changes{Through: batch.Through, Idle: len(batch.Told) == 0}
			for _, told := range batch.Told {
				if told.Name.ID != "" {
					changes.Names = append(changes.Names, search.Name(told.Name))
				}
			}
			if !yield(changes, err) {
				return
			}
		}
	}
}

// Names implements search.Source.
func (s source) Names(ctx context.Context, after []byte, limit int) (names []search.Name, next []byte, err error) {
	items, err := s.store.Names(ctx, "-", after, limit)
	if err != nil {
		return nil, nil, err
	}
	for _, item := range items {
		next = item.Position
		if n, ok := s.store.ParsePosition(item.Position); ok {
			names = append(names, search.Name(n))
		}
	}
	return names, next, nil
}

// Documents implements search.Source: one document when authors see what readers
// do, else one for each side that shows anything.
func (s source) Documents(ctx context.Context, name search.Name) ([]search.Document, error) {
	n := article.Name(name)
	seen, err := s.public(ctx, n)
	if err != nil {
		return nil, err
	}
	l, err := s.store.Load(ctx, n, 0)
	switch {
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
		return nil, nil // purged
	case err != nil:
		return nil, err
	}
	var documents []search.Document
	if seen != nil {
		if l.State.GetRevision() == l.State.GetPublishedRevision() {
			return []search.Document{documentOf(seen, search.Public, search.Working)}, nil
		}
		documents = append(documents, documentOf(seen, search.Public))
	}
	if l.State == nil || l.State.GetState() == article.Deleted {
		return documents, nil
	}
	draft := article.Working(l.State, l.Number, l.Revision, l.Site.GetSite())
	return append(documents, documentOf(draft, search.Working)), nil
}

// public returns what readers see, nil for nothing.
func (s source) public(ctx context.Context, n article.Name) (*articlev1.Article, error) {
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
