package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Projection returns the encoded article that readers see, which the caller
// owns, or RESOURCE_NOT_FOUND.
func (s *Store) Projection(ctx context.Context, n article.Name) (value []byte, err error) {
	err = s.CopyProjection(ctx, n, func(size int) []byte {
		value = make([]byte, size)
		return value
	})
	return value, err
}

// CopyProjection is Projection into memory of the caller's: what room returns
// for the size of the article.
func (s *Store) CopyProjection(ctx context.Context, n article.Name, room func(size int) []byte) error {
	return s.view(ctx, func(r kv.Reader) error { return copyProjection(r, n, room) })
}

func copyProjection(r kv.Reader, n article.Name, room func(size int) []byte) error {
	err := kv.Copy(r, publicKey(n), room)
	if errors.Is(err, kv.ErrNotFound) {
		return fault.NotFound(n.String())
	}
	return err
}

// State returns the state of an article or RESOURCE_NOT_FOUND.
func (s *Store) State(ctx context.Context, n article.Name) (*recordv1.State, error) {
	state := &recordv1.State{}
	err := s.view(ctx, func(r kv.Reader) error {
		ok, err := get(r, stateKey(n), state)
		if err == nil && !ok {
			err = fault.NotFound(n.String())
		}
		return err
	})
	return state, err
}

// Load returns an article with one of its revisions, the newest for 0, or
// RESOURCE_NOT_FOUND.
func (s *Store) Load(ctx context.Context, n article.Name, revision int64) (article.Loaded, error) {
	var loaded article.Loaded
	err := s.view(ctx, func(r kv.Reader) (err error) {
		loaded, err = load(r, n, revision)
		return err
	})
	return loaded, err
}

// LoadPublished is Load for the revision that readers see.
func (s *Store) LoadPublished(ctx context.Context, n article.Name) (article.Loaded, error) {
	var loaded article.Loaded
	err := s.view(ctx, func(r kv.Reader) error {
		state := &recordv1.State{}
		ok, err := get(r, stateKey(n), state)
		switch {
		case err != nil:
			return err
		case !ok || state.GetPublishedRevision() == 0:
			return fault.NotFound(n.String())
		}
		loaded, err = load(r, n, state.GetPublishedRevision())
		return err
	})
	return loaded, err
}

// Revision returns one revision of an article, or RESOURCE_NOT_FOUND.
func (s *Store) Revision(ctx context.Context, n article.Name, number int64) (*recordv1.Revision, error) {
	loaded, err := s.Load(ctx, n, number)
	return loaded.Revision, err
}

func load(r kv.Reader, n article.Name, revision int64) (article.Loaded, error) {
	loaded := article.Loaded{
		Name: n, Number: revision, State: &recordv1.State{}, Site: &recordv1.Site{},
	}
	ok, err := get(r, stateKey(n), loaded.State)
	switch {
	case err != nil:
		return loaded, err
	case !ok:
		return loaded, fault.NotFound(n.String())
	}
	if revision == 0 {
		loaded.Number = loaded.State.GetRevision()
	}
	stored, err := getRevision(r, n, loaded.State, loaded.Number)
	switch {
	case err != nil:
		return loaded, err
	case stored == nil && revision == 0:
		return loaded, fault.New(faultv1.Reason_REASON_STORE_DAMAGED,
			"the newest revision of %s is missing; restore the store from a copy", n)
	case stored == nil:
		return loaded, fault.NotFound(fmt.Sprintf("%s/revisions/%d", n, revision))
	}
	loaded.Revision = stored
	ok, err = get(r, siteKey(n.Site), loaded.Site)
	if err == nil && !ok {
		err = fault.NotFound(article.SiteName(n.Site))
	}
	return loaded, err
}
