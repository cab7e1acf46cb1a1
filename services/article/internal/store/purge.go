package store

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// purge removes an article for good, older revisions first, unless it was
// restored meanwhile. Slugs that were public stay taken, so that they answer
// GONE.
func (s *Store) purge(ctx context.Context, n article.Name, now time.Time) (bool, error) {
	for {
		more, gone := false, false
		err := s.update(ctx, func(tx kv.Tx) (err error) {
			more, gone, err = purgeStep(tx, n, now)
			return err
		})
		if err != nil || !more {
			return gone, err
		}
	}
}

// purgeStep removes one of the older groups of revisions; the article itself
// goes together with its newest one.
func purgeStep(tx kv.Tx, n article.Name, now time.Time) (more, gone bool, err error) {
	state := &recordv1.State{}
	ok, err := get(tx, stateKey(n), state)
	if err != nil || !ok || state.GetState() != article.Deleted || state.GetPurgeTime().AsTime().After(now) {
		return false, false, err
	}
	created := state.GetCreateTime().AsTime()
	oldest := kv.Range{Start: revisionKey(n, created, 0), End: revisionKey(n, created, state.GetRevision()+1), Limit: 1}
	for e, err := range tx.Scan(oldest) {
		if err != nil {
			return false, false, err
		}
		g, err := decodeGroup(e.Value)
		if err != nil {
			return false, false, damagedRevision(n, numberOf(e.Key), err)
		}
		if g.last() < state.GetRevision() {
			return true, false, tx.Delete(e.Key)
		}
		if some, err := purgeBelongings(tx, n); some || err != nil {
			return some, false, err
		}
		return false, true, removeArticle(tx, n, state, e.Key, g)
	}
	return false, false, damagedRevision(n, state.GetRevision(), kv.ErrNotFound)
}

// purgeBelongings removes some of what belongs to an article that goes, and
// reports whether there was any.
func purgeBelongings(tx kv.Tx, n article.Name) (bool, error) {
	for _, purge := range []func(kv.Tx, article.Name) (bool, error){purgePreviews, purgeSchedules, purgeSessions, purgeAliases, purgePublications} {
		if some, err := purge(tx, n); some || err != nil {
			return some, err
		}
	}
	return false, nil
}

func removeArticle(tx kv.Tx, n article.Name, state *recordv1.State, newest []byte, g *group) error {
	last, err := g.unpack(state.GetRevision())
	if err != nil {
		return damagedRevision(n, state.GetRevision(), err)
	}
	drop := &encoded{Change: article.Change{Name: n, After: state}}
	if err := drop.dropSlug(tx, slugKey(n.Site, state.GetLanguageCode(), last.GetArticle().GetSlug())); err != nil {
		return err
	}
	for _, key := range [][]byte{
		newest, stateKey(n), createdKey(n, state.GetCreateTime().AsTime()),
		updatedKey(n, state.GetUpdateTime().AsTime()), purgeKey(n, state.GetPurgeTime().AsTime()),
	} {
		if err := tx.Delete(key); err != nil {
			return err
		}
	}
	return tx.Emit(topicOf(n), []byte{byte(articlev1.WatchArticlesResponse_KIND_PURGED), 0})
}
