package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
)

func (s *Store) view(ctx context.Context, fn func(kv.Reader) error) error {
	return kvrecord.View(ctx, s.kv, fn)
}

func (s *Store) update(ctx context.Context, fn func(kv.Tx) error) error {
	return kvrecord.Update(ctx, s.kv, fn)
}
