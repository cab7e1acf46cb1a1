package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/kv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Finish sets the renditions of a photo and its state, and ends what is wanted
// of it. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Finish(ctx context.Context, name photo.Name, state mediav1.Photo_State, renditions []*mediav1.Rendition) error {
	return s.update(ctx, func(tx kv.Tx) error {
		p, err := getPhoto(tx, name)
		if err != nil {
			return err
		}
		if err := dropTask(tx, name); err != nil {
			return err
		}
		p.State, p.Renditions = state, renditions
		return putPhoto(tx, name, p, refUpdated)
	})
}
