// Package store keeps what the sharing service knows: small rows of published
// articles and of those that are gone, sites, where the article feed was left,
// and requests that were answered. Other themes - links, counts, webhooks - are
// in files of their own.
//
// Its errors are those of internal/fault. Every method is one whole step; no
// transaction leaves the package. What an article becomes is told by [Store.Learn]
// in one transaction: row, lists, link, deliveries and the place in the feed.
package store

import (
	"bytes"
	"context"
	"errors"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Store keeps records. It is safe for concurrent use.
type Store struct {
	kv    kv.Store
	codes codes
}

// New returns a Store over s, which the caller closes.
func New(s kv.Store) *Store { return &Store{kv: s} }

// Format returns the layout that this package reads and writes. What changed
// with each number:
//
//	1  the first
func Format() kv.Format { return kv.Format{Number: 1} }

// Secret returns the secret under a name, which all instances share: the one
// that is stored, or else fresh, which is stored now.
func (s *Store) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	key := []byte(secretPrefix + name)
	var secret []byte
	err := s.update(ctx, func(tx kv.Tx) error {
		var err error
		secret, err = tx.Get(key)
		if errors.Is(err, kv.ErrNotFound) {
			secret = bytes.Clone(fresh)
			return tx.Put(key, fresh)
		}
		return err
	})
	return secret, err
}
