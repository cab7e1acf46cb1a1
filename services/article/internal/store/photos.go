package store

import (
	"bytes"
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

func photosKey(n article.Name) []byte { return []byte(photosBase + n.Site + "/" + n.ID) }

// encodePhotos returns what is kept of the photos of a projection; nil for none.
func encodePhotos(p *article.Encoded) ([]byte, error) {
	if p == nil || len(p.Photos) == 0 {
		return nil, nil
	}
	return encode(&recordv1.ShownPhotos{Names: p.Photos})
}

// putPhotos keeps which photos readers see, so that nobody needs to read whole
// articles to know who uses a photo.
func (e *encoded) putPhotos(tx kv.Tx) error {
	if !e.Withdraw && e.Projection == nil {
		return nil
	}
	key := photosKey(e.Name)
	was, err := tx.Get(key)
	switch {
	case err != nil && !errors.Is(err, kv.ErrNotFound):
		return err
	case bytes.Equal(was, e.photos):
		return nil
	case e.photos == nil:
		return tx.Delete(key)
	}
	return tx.Put(key, e.photos)
}

// ShownPhotos returns the names of the photos of what readers see of an
// article; none when it is not public.
func (s *Store) ShownPhotos(ctx context.Context, n article.Name) ([]string, error) {
	shown := &recordv1.ShownPhotos{}
	err := s.view(ctx, func(r kv.Reader) error {
		_, err := get(r, photosKey(n), shown)
		return err
	})
	return shown.GetNames(), err
}

// AllShownPhotos is ShownPhotos for at most limit published articles that show
// any, of all sites, in the order of their names. A position is that of
// Projections. There may be fewer although there are more; none end the walk.
func (s *Store) AllShownPhotos(ctx context.Context, after []byte, limit int) ([]article.Shown, error) {
	items, err := s.named(ctx, photosBase, "-", after, limit)
	if err != nil {
		return nil, err
	}
	all := make([]article.Shown, len(items))
	for i, item := range items {
		n, ok := parseName(item.Position)
		photos := &recordv1.ShownPhotos{}
		if err := proto.Unmarshal(item.Encoded, photos); err != nil || !ok {
			return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
				"the record of the photos of %q is damaged; restore the store from a copy", item.Position)
		}
		all[i] = article.Shown{Name: n, Photos: photos.GetNames(), Position: item.Position}
	}
	return all, nil
}

// photoRow is the step of format 2 that keeps which photos readers see.
func photoRow(m kv.Migrator, a *migrant) error {
	if a.State.GetPublishedRevision() == 0 {
		return nil
	}
	full := &articlev1.Article{}
	ok, err := get(m, publicKey(a.Name), full)
	if err != nil || !ok {
		return err
	}
	value, err := encodePhotos(&article.Encoded{Photos: article.Photos(full)})
	if err != nil || value == nil {
		return err
	}
	return m.Put(photosKey(a.Name), value)
}
