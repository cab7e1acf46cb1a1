package store

import (
	"context"
	"crypto/rand"

	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
)

// Secret returns n random bytes that are the same for everyone who uses the
// store and asks by this name: the first one who does makes them.
func (s *Store) Secret(ctx context.Context, name string, n int) ([]byte, error) {
	fresh := make([]byte, n)
	rand.Read(fresh)
	return kvrecord.Secret(ctx, s.kv, secretKey(name), fresh)
}
