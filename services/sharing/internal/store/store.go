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
	"context"
	"crypto/rand"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
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

// Secret returns size random bytes that are the same for all instances over the
// store, and kept from the first call with the name on.
func (s *Store) Secret(ctx context.Context, name string, size int) ([]byte, error) {
	fresh := make([]byte, size)
	rand.Read(fresh)
	return kvrecord.Secret(ctx, s.kv, []byte(secretPrefix+name), fresh)
}
