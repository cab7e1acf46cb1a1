package store

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Addresses runs fn, which has no side effects, on the addresses of a site and
// returns its error, or RESOURCE_NOT_FOUND.
func (s *Store) Addresses(ctx context.Context, site string, fn func(article.Addresses) error) error {
	return s.view(ctx, func(r kv.Reader) error {
		known, err := s.sites.read(r, site)
		switch {
		case err != nil:
			return err
		case known == nil:
			return fault.NotFound(article.SiteName(site))
		}
		return fn(&addresses{reader: r, id: site, site: known})
	})
}

// addresses implements article.Addresses.
type addresses struct {
	reader kv.Reader
	id     string // of the site
	site   *recordv1.Site
}

// Site implements article.Addresses.
func (a *addresses) Site() *recordv1.Site { return a.site }

// Slug implements article.Addresses.
func (a *addresses) Slug(code, slug string) (string, *recordv1.Standing, error) {
	held := &recordv1.Slug{}
	ok, err := get(a.reader, slugKey(a.id, code, slug), held)
	if err != nil || !ok || !held.GetPublic() {
		return "", nil, err
	}
	id, uid := held.GetArticleId(), held.GetArticleUid()
	if held.GetFormerId() != "" {
		id, uid = held.GetFormerId(), held.GetFormerUid() // taken over, but not published there yet
	}
	standing, err := a.standing(id)
	if standing.GetUid() != uid || uid == "" {
		standing = nil // another article has the id now
	}
	return id, standing, err
}

// Alias implements article.Addresses.
func (a *addresses) Alias(alias string) (string, *recordv1.Standing, error) {
	id, err := aliasHolder(a.reader, a.id, alias)
	if err != nil || id == "" {
		return "", nil, err
	}
	standing, err := a.standing(id)
	return id, standing, err
}

// standing decodes where an article stands; nil when there is none.
func (a *addresses) standing(id string) (*recordv1.Standing, error) {
	key := stateKey(article.Name{Site: a.id, ID: id})
	value, err := a.reader.Get(key)
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return nil, nil //nolint:nilnil // what is gone is no error
	case err != nil:
		return nil, err
	}
	standing := &recordv1.Standing{}
	if err := (proto.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(value, standing); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record %q is damaged; restore the store from a copy", key)
	}
	return standing, nil
}

// CopyProjection implements article.Addresses.
func (a *addresses) CopyProjection(id string, room func(size int) []byte) error {
	return copyProjection(a.reader, article.Name{Site: a.id, ID: id}, room)
}
