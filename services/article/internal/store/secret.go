package store

import (
	"bytes"
	"context"
	"crypto/rand"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Secret returns n random bytes that are the same for everyone who uses the
// store and asks by this name: the first one who does makes them.
func (s *Store) Secret(ctx context.Context, name string, n int) ([]byte, error) {
	fresh := make([]byte, n)
	rand.Read(fresh)
	var secret []byte
	err := s.update(ctx, func(tx kv.Tx) error {
		found, err := has(tx, secretKey(name))
		if err != nil {
			return err
		}
		if !found {
			secret = bytes.Clone(fresh)
			return tx.Put(secretKey(name), fresh)
		}
		secret, err = tx.Get(secretKey(name))
		return err
	})
	return secret, err
}
