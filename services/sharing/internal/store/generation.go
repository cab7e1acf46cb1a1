package store

import (
	"context"
	"encoding/binary"
	"errors"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
)

// Generation returns how often a site changed in anything that feeds and
// sitemaps are made of: its articles, itself, the hubs it names. What was made of
// a site is right for as long as its generation stands. It is 0 for a site that
// is not known.
func (s *Store) Generation(ctx context.Context, site string) (uint64, error) {
	var n uint64
	err := s.view(ctx, func(r kv.Reader) (err error) {
		n, err = generation(r, site)
		return err
	})
	return n, err
}

func generation(r kv.Reader, site string) (uint64, error) {
	data, err := r.Get([]byte(changesPrefix + site))
	switch {
	case errors.Is(err, kv.ErrNotFound):
		return 0, nil
	case err != nil:
		return 0, err
	case len(data) != 8:
		return 0, kvrecord.UnexpectedKey([]byte(changesPrefix + site))
	}
	return binary.BigEndian.Uint64(data), nil
}

// advanceGeneration counts a change of a site in the transaction that makes it.
// It takes one key of the transaction.
func advanceGeneration(tx kv.Tx, site string) error {
	n, err := generation(tx, site)
	if err != nil {
		return err
	}
	return tx.Put([]byte(changesPrefix+site), binary.BigEndian.AppendUint64(nil, n+1))
}

func (s *Store) countChange(tx kv.Tx, t Transition) error { return advanceGeneration(tx, t.Name.Site) }

func (s *Store) countSiteChange(tx kv.Tx, t SiteTransition) error {
	return advanceGeneration(tx, t.ID())
}
