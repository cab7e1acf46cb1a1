package store

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
)

// requests is where answered requests are remembered.
func requests() replay.Book { return replay.Book{Requests: requestPrefix, Expiries: expiryPrefix} }

// ForgetRequests removes requests that expired; not all at once. It returns how
// many there were: 0 when nothing is left to remove.
func (s *Store) ForgetRequests(ctx context.Context, now time.Time) (int, error) {
	n := 0
	err := s.update(ctx, func(tx kv.Tx) (err error) {
		n, err = requests().Forget(tx, now)
		return err
	})
	return n, err
}
