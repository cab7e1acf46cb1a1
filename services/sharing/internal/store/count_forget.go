package store

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// ForgetCounts removes the counts of days that are only kept as months, and what
// was remembered of batches that can no longer be sent again; not all at once.
// It returns how many values there were: 0 when nothing is left to remove.
func (s *Store) ForgetCounts(ctx context.Context, now time.Time) (int, error) {
	// A site may be a day behind.
	kept := stats.Kept(stats.DayOf(now.Add(-24*time.Hour), time.UTC))
	days := kv.Range{
		Start: []byte(countPrefix + "d"),
		End:   []byte(countPrefix + periodTerm(kept.In(stats.UnitDay))),
	}
	requests := kv.Range{
		Start: []byte(countedPrefix),
		End:   []byte(countedScope(now.Add(-countedLife).Unix() / 3600)),
	}
	n := 0
	for _, r := range []kv.Range{days, requests} {
		removed, err := s.remove(ctx, r)
		n += removed
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// remove removes the first entries of a range, as many as fit a transaction,
// and returns how many there were.
func (s *Store) remove(ctx context.Context, r kv.Range) (int, error) {
	n := 0
	err := s.update(ctx, func(tx kv.Tx) error {
		n = 0
		size := 0
		for entry, err := range tx.Scan(r) {
			if err != nil {
				return err
			}
			if err := tx.Delete(entry.Key); err != nil {
				return err
			}
			n++
			if size += len(entry.Value); n == kv.MaxKeys-1 || size > kv.MaxBytes/2 {
				break
			}
		}
		return nil
	})
	return n, err
}
