package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/kv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Save writes a record as it is, as any change of it does.
func (s *Store) Save(ctx context.Context, name photo.Name, p *mediav1.Photo) error {
	return s.update(ctx, func(tx kv.Tx) error { return putPhoto(tx, name, p, refUpdated) })
}

// Drop removes a record, as purging it does.
func (s *Store) Drop(ctx context.Context, name photo.Name) error {
	return s.update(ctx, func(tx kv.Tx) error { return dropPhoto(tx, name, refUpdated) })
}

// Rows returns how many rows of lists there are.
func (s *Store) Rows(ctx context.Context) (int, error) {
	n := 0
	err := s.view(ctx, func(r kv.Reader) error {
		n = 0
		for _, prefix := range []string{listPrefix, publicPrefix, unusedPrefix, tagPrefix, expiringPrefix, shaPrefix} {
			for _, err := range r.Scan(kv.Prefix([]byte(prefix))) {
				if err != nil {
					return err
				}
				n++
			}
		}
		return nil
	})
	return n, err
}
