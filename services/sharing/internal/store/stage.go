package store

import (
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// How many rows of tags a transaction writes. An article with 20 tags has 40 of
// them, and as many others when its time changes: more than fit beside all else
// that Learn writes.
const (
	inlineKeys = 12 // by Learn itself
	stageKeys  = 40 // before and after it
)

// errUnstaged says that the rows of tags are more than Learn can write.
var errUnstaged = errors.New("the lists of tags are not prepared")

// stage adds the article to the lists of its tags ahead of time when Learn cannot,
// and notes in a row of its own which keys may be stale once it is learned: those
// that go, and, should it never come to that, those that were added. Readers of a
// list compare with the article, so nobody is shown a row too early or too late.
func (s *Store) stage(ctx context.Context, f Following, name published.Name, row *recordv1.Article) error {
	return s.update(ctx, func(tx kv.Tx) error {
		if _, err := f.row(tx); err != nil {
			return err
		}
		old := &recordv1.Article{}
		if err := kvrecord.Get(tx, articleKey(name), old); err != nil {
			return err
		}
		removed, added := difference(tagRows(name, old), tagRows(name, row))
		stale := &recordv1.Stale{}
		if err := kvrecord.Get(tx, staleKey(name), stale); err != nil {
			return err
		}
		for _, key := range slices.Concat(removed, added) {
			if !slices.ContainsFunc(stale.GetKeys(), func(k []byte) bool { return string(k) == key }) {
				stale.Keys = append(stale.Keys, []byte(key))
			}
		}
		if err := kvrecord.Put(tx, staleKey(name), stale); err != nil {
			return err
		}
		return replaceKeys(tx, nil, added)
	})
}

// writeTags brings the lists of tags up to date when that is little. It fails with
// errUnstaged when it is not and stage did not prepare it.
func writeTags(tx kv.Tx, t Transition) error {
	removed, added := difference(tagRows(t.Name, t.Old), tagRows(t.Name, t.New))
	if len(removed)+len(added) <= inlineKeys {
		return replaceKeys(tx, removed, added)
	}
	stale := &recordv1.Stale{}
	if err := kvrecord.Get(tx, staleKey(t.Name), stale); err != nil {
		return err
	}
	noted := make(map[string]bool, len(stale.GetKeys()))
	for _, key := range stale.GetKeys() {
		noted[string(key)] = true
	}
	for _, key := range slices.Concat(removed, added) {
		if !noted[key] {
			return errUnstaged
		}
	}
	return nil
}

// replaceKeys removes and adds keys without values.
func replaceKeys(tx kv.Tx, removed, added []string) error {
	for _, key := range removed {
		if err := tx.Delete([]byte(key)); err != nil {
			return err
		}
	}
	for _, key := range added {
		if err := tx.Put([]byte(key), nil); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes the noted rows that do not fit the article.
func (s *Store) sweep(ctx context.Context, name published.Name) error {
	for more := true; more; {
		err := s.update(ctx, func(tx kv.Tx) error {
			stale := &recordv1.Stale{}
			if err := kvrecord.Get(tx, staleKey(name), stale); err != nil {
				return err
			}
			row := &recordv1.Article{}
			if err := kvrecord.Get(tx, articleKey(name), row); err != nil {
				return err
			}
			now := stale.GetKeys()[:min(stageKeys, len(stale.GetKeys()))]
			for _, key := range now {
				if contains(tagRows(name, row), string(key)) {
					continue
				}
				if err := tx.Delete(key); err != nil {
					return err
				}
			}
			stale.Keys = stale.GetKeys()[len(now):]
			if more = len(stale.GetKeys()) > 0; more {
				return kvrecord.Put(tx, staleKey(name), stale)
			}
			return tx.Delete(staleKey(name))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func contains(keys iter.Seq[string], wanted string) bool {
	for key := range keys {
		if key == wanted {
			return true
		}
	}
	return false
}

// Tidy removes rows that a process which died left behind in lists. It is
// called by the follower before it goes on.
func (s *Store) Tidy(ctx context.Context) error {
	for {
		names, err := s.names(ctx, stalePrefix, nil, 100)
		if err != nil || len(names) == 0 {
			return err
		}
		for _, name := range names {
			if err := s.sweep(ctx, name); err != nil {
				return err
			}
		}
	}
}

// names returns at most limit names of articles in the keys under a prefix,
// after a name.
func (s *Store) names(ctx context.Context, prefix string, after *published.Name, limit int) ([]published.Name, error) {
	keys := kv.Prefix([]byte(prefix))
	if after != nil {
		keys.Start = append([]byte(prefix+after.Site+"/"+after.ID), 0)
	}
	keys.Limit = limit
	var names []published.Name
	err := s.view(ctx, func(r kv.Reader) error {
		names = names[:0]
		for entry, err := range r.Scan(keys) {
			if err != nil {
				return err
			}
			name, err := nameOf(entry.Key, prefix)
			if err != nil {
				return err
			}
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
