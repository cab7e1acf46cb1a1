// Package store keeps sites and articles in a kv.Store. keys.go says under
// which keys.
//
// A write is one transaction and tells the change feed. Records are encoded
// before the transaction begins, which only checks that nobody was faster and
// writes; thinning and redaction, which rewrite what is there, pack it inside. What is public is kept encoded, ready to send.
//
// Errors are those of internal/fault, article.ErrOvertaken and
// *article.ReplayError. All methods may be called by any number of goroutines.
package store

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Store keeps sites and articles.
type Store struct {
	kv    kv.Store
	sites siteCache
}

// New returns a Store over s, which the caller closes.
func New(s kv.Store) *Store { return &Store{kv: s} }

// view reads one consistent state.
func (s *Store) view(ctx context.Context, fn func(kv.Reader) error) error {
	return asFault(s.kv.View(ctx, fn))
}

// update writes in one transaction.
func (s *Store) update(ctx context.Context, fn func(kv.Tx) error) error {
	_, err := s.kv.Update(ctx, fn)
	if lostRace(err) {
		// The winner may be in the same group of commits and not to be read
		// yet. An empty transaction ends after it, so that whoever reads again
		// sees what was lost against.
		if _, waited := s.kv.Update(ctx, func(kv.Tx) error { return nil }); waited != nil {
			return asFault(waited)
		}
	}
	return asFault(err)
}

// lostRace reports whether a transaction was refused for what another one did.
func lostRace(err error) bool {
	if _, ok := errors.AsType[*article.ReplayError](err); ok || errors.Is(err, article.ErrOvertaken) {
		return true
	}
	e, ok := fault.Of(err)
	return ok && e.Kind == fault.KindExists
}

// asFault gives errors of kv that a caller can act on their reason.
func asFault(err error) error {
	if _, typed := fault.Of(err); !typed && errors.Is(err, kv.ErrTooLarge) {
		return fault.Wrap(err, faultv1.Reason_REASON_TOO_LARGE,
			"this is too large to be stored in one step; split the article into several")
	}
	return kvrecord.Explain(err)
}

// get decodes the record under key into m and reports whether there is one.
func get(r kv.Reader, key []byte, m proto.Message) (bool, error) {
	value, err := r.Get(key)
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read %q: %w", key, err)
	}
	if err := proto.Unmarshal(value, m); err != nil {
		return false, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record %q is damaged; restore the store from a copy", key)
	}
	return true, nil
}

// encode marshals a record.
func encode(m proto.Message) ([]byte, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode %T: %w", m, err)
	}
	return b, nil
}
