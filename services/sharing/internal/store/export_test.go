package store

import (
	"context"
	"io"
	"slices"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
)

// LearnLink makes the code of a transition out of random.
func (s *Store) LearnLink(ctx context.Context, t Transition, random io.Reader) error {
	return s.update(ctx, func(tx kv.Tx) error { return learnLink(tx, t, random) })
}

// LearnLinks makes the rows and codes of many articles, ten of them in one
// transaction.
func (s *Store) LearnLinks(ctx context.Context, transitions []Transition) error {
	for some := range slices.Chunk(transitions, 10) {
		err := s.update(ctx, func(tx kv.Tx) error {
			for _, t := range some {
				if err := kvrecord.Put(tx, articleKey(t.Name), t.New); err != nil {
					return err
				}
				if err := s.learnLinks(tx, t); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
