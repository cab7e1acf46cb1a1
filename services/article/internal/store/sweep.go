package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// sweepKeys is how many records one transaction of a sweep removes.
const sweepKeys = 24

// Swept counts what a sweep removed, imports that were broken off among it, and
// the redactions that it finished.
type Swept struct{ Requests, Previews, Articles, Revisions, Redactions, Imports int }

// Sweep finishes redactions that were interrupted, and removes request ids older
// than RequestTTL, preview tokens that have ended, deleted articles whose time
// has come, what imports that were broken off article.ImportIdle ago left, and
// superseded revisions of edit sessions that ended ThinAfter ago. It may be
// stopped and run again at any time. What fails for one article does not keep
// the others waiting.
func (s *Store) Sweep(ctx context.Context, now time.Time) (Swept, error) {
	var swept Swept
	for {
		n, err := s.sweepRequests(ctx, now.Add(-RequestTTL))
		swept.Requests += n
		if err != nil {
			return swept, err
		}
		if n < sweepKeys {
			break
		}
	}
	for {
		n, err := s.sweepPreviews(ctx, now)
		swept.Previews += n
		if err != nil {
			return swept, err
		}
		if n < sweepKeys {
			break
		}
	}
	var failed [4]error
	swept.Articles, failed[0] = s.purgeDue(ctx, now)
	swept.Redactions, failed[1] = s.finishRedactions(ctx)
	swept.Revisions, failed[2] = s.thin(ctx, now)
	swept.Imports, failed[3] = s.sweepImports(ctx, now)
	return swept, errors.Join(failed[:]...)
}

// purgeDue removes the deleted articles that cannot be restored any more and
// returns how many. One that fails does not keep others waiting.
func (s *Store) purgeDue(ctx context.Context, now time.Time) (int, error) {
	due, err := s.due(ctx, now)
	purged, failed := 0, []error{err}
	for _, n := range due {
		gone, err := s.purge(ctx, n, now)
		if err != nil {
			failed = append(failed, fmt.Errorf("purge %s: %w", n, err))
		}
		if gone {
			purged++
		}
	}
	return purged, errors.Join(failed...)
}

func (s *Store) sweepRequests(ctx context.Context, before time.Time) (int, error) {
	old := kv.Range{Start: []byte(expiryBase), End: appendTime([]byte(expiryBase), before), Limit: sweepKeys}
	removed := 0
	err := s.update(ctx, func(tx kv.Tx) error {
		removed = 0
		for e, err := range tx.Scan(old) {
			if err != nil {
				return err
			}
			if err := tx.Delete(e.Key); err != nil {
				return err
			}
			if err := tx.Delete(requestKey(e.Key[len(expiryBase)+8:])); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}

// due returns the deleted articles that cannot be restored any more.
func (s *Store) due(ctx context.Context, now time.Time) ([]article.Name, error) {
	var names []article.Name
	until := appendTime([]byte(purgeBase), now.Add(time.Microsecond)) // now included
	err := s.view(ctx, func(r kv.Reader) error {
		names = nil
		for e, err := range r.Scan(kv.Range{Start: []byte(purgeBase), End: until}) {
			if err != nil {
				return err
			}
			if n, ok := parseName(e.Key[len(purgeBase)+8:]); ok {
				names = append(names, n)
			}
		}
		return nil
	})
	return names, err
}
