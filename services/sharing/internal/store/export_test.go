package store

import (
	"context"
	"io"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// LearnLink makes the code of a transition out of random.
func (s *Store) LearnLink(ctx context.Context, t Transition, random io.Reader) error {
	return s.update(ctx, func(tx kv.Tx) error { return learnLink(tx, t, random) })
}
