// Package kvrecord keeps protobuf records in a kv.Store for services, with
// errors that a caller of a service can act on.
//
// It knows no keys: which records there are, and under which keys, is what the
// store of each service says.
package kvrecord

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// View reads one consistent state; see kv.Store. Errors are those of Explain.
func View(ctx context.Context, s kv.Store, fn func(kv.Reader) error) error {
	return Explain(s.View(ctx, fn))
}

// Update writes in one transaction; see kv.Store. Errors are those of Explain.
func Update(ctx context.Context, s kv.Store, fn func(kv.Tx) error) error {
	_, err := s.Update(ctx, fn)
	return Explain(err)
}

// Get reads the record under a key into m, and leaves m as it is when there is
// none. It fails with STORE_DAMAGED when what is there is no such record.
func Get(r kv.Reader, key []byte, m proto.Message) error {
	data, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return Decode(key, data, m)
}

// Decode reads a record that was found under a key. It fails with STORE_DAMAGED
// when it is none.
func Decode(key, data []byte, m proto.Message) error {
	if err := proto.Unmarshal(data, m); err != nil {
		return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the store cannot be read at the key %.100q; the operator must restore it from a copy", key)
	}
	return nil
}

// Put writes a record.
func Put(tx kv.Tx, key []byte, m proto.Message) error {
	data, err := proto.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode what is kept at %.100q: %w", key, err)
	}
	return tx.Put(key, data)
}

// Has reports whether there is anything under a key.
func Has(r kv.Reader, key []byte) (bool, error) {
	_, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Secret returns the secret under a key, which all instances over one store
// share: the one that is stored, or else fresh, which is stored now.
func Secret(ctx context.Context, s kv.Store, key, fresh []byte) ([]byte, error) {
	var secret []byte
	err := Update(ctx, s, func(tx kv.Tx) error {
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
