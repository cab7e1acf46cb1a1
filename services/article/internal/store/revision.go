package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// groupAt reads the group that a revision stands in, if it exists: the last one
// that begins at or before its number. It returns nil when there is none.
func groupAt(r kv.Reader, n article.Name, state *recordv1.State, number int64) (key []byte, g *group, err error) {
	created := state.GetCreateTime().AsTime()
	reach := kv.Range{
		Start: revisionKey(n, created, 0), End: revisionKey(n, created, number+1),
		Reverse: true, Limit: 1,
	}
	for e, err := range r.Scan(reach) {
		if err != nil {
			return nil, nil, fmt.Errorf("look for revision %d of %s: %w", number, n, err)
		}
		g, err := decodeGroup(e.Value)
		if err != nil {
			return nil, nil, damagedRevision(n, number, err)
		}
		return e.Key, g, nil
	}
	return nil, nil, nil
}

// groupUnder reads the group under a key; nil when there is none.
func groupUnder(r kv.Reader, n article.Name, key []byte) (*group, error) {
	value, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil //nolint:nilnil // no group is no error
	}
	if err != nil {
		return nil, err
	}
	g, err := decodeGroup(value)
	if err != nil {
		return nil, damagedRevision(n, numberOf(key), err)
	}
	return g, nil
}

// putGroups puts groups in the place of the one under key, and raises the
// version of the state: a save that was prepared with the old group, which it
// would bring back, starts over.
func putGroups(tx kv.Tx, n article.Name, state *recordv1.State, key []byte, groups []*group) error {
	if len(groups) == 0 {
		if err := tx.Delete(key); err != nil {
			return err
		}
	}
	for i, g := range groups {
		if i > 0 {
			key = revisionKey(n, state.GetCreateTime().AsTime(), g.members[0].number)
		}
		if err := tx.Put(key, g.encode()); err != nil {
			return err
		}
	}
	state.Version++
	value, err := encode(state)
	if err != nil {
		return err
	}
	return tx.Put(stateKey(n), value)
}

// sizeOf returns about how many bytes groups take.
func sizeOf(groups []*group) int {
	size := 0
	for _, g := range groups {
		size += g.size()
	}
	return size
}

// Revisions returns what is known of an article's revisions besides their
// content, newest first, from those before the number on; 0 begins with the
// newest. There may be fewer than limit although there are more; nothing is
// left when there are none. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Revisions(ctx context.Context, n article.Name, before int64, limit int) ([]*recordv1.Revision, error) {
	var heads []*recordv1.Revision
	err := s.view(ctx, func(r kv.Reader) error {
		heads = nil
		state := &recordv1.State{}
		ok, err := get(r, stateKey(n), state)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.NotFound(n.String())
		}
		created, until := state.GetCreateTime().AsTime(), state.GetRevision()+1
		if before > 0 {
			until = min(before, until)
		}
		reach := kv.Range{Start: revisionKey(n, created, 0), End: revisionKey(n, created, until), Reverse: true}
		for e, err := range r.Scan(reach) {
			if err != nil {
				return err
			}
			g, err := decodeGroup(e.Value)
			if err != nil {
				return damagedRevision(n, numberOf(e.Key), err)
			}
			found, err := g.heads()
			if err != nil {
				return damagedRevision(n, numberOf(e.Key), err)
			}
			for _, head := range slices.Backward(found) {
				if head.GetNumber() >= until {
					continue
				}
				if heads = append(heads, head); len(heads) == limit {
					return nil
				}
			}
		}
		return nil
	})
	return heads, err
}

// getRevision reads one revision with its article; nil when there is none.
func getRevision(r kv.Reader, n article.Name, state *recordv1.State, number int64) (*recordv1.Revision, error) {
	_, g, err := groupAt(r, n, state, number)
	if err != nil || g == nil {
		return nil, err
	}
	revision, err := g.unpack(number)
	if err != nil {
		return nil, damagedRevision(n, number, err)
	}
	return revision, nil
}

func damagedRevision(n article.Name, number int64, err error) error {
	return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
		"revision %d of %s is damaged; restore the store from a copy", number, n)
}

// packNext returns under which key a change's revision is stored, and with what
// value: that of the newest group with the revision added, or a new group. The
// newest group stays as it is while the state that the change was made for is
// the newest one, which the transaction checks: whoever rewrites a group writes
// the state too.
func (s *Store) packNext(ctx context.Context, c article.Change) (entry, error) {
	number := c.After.GetRevision()
	key, g := revisionKey(c.Name, c.After.GetCreateTime().AsTime(), number), newGroup()
	content, err := encode(c.Revision.GetArticle())
	if err != nil {
		return entry{}, err
	}
	head := headOf(c.Revision)
	head.Number, head.Title = number, c.Revision.GetArticle().GetTitle()
	if c.Before != nil {
		err := s.view(ctx, func(r kv.Reader) error {
			at, newest, err := groupAt(r, c.Name, c.Before, c.Before.GetRevision())
			if err == nil && newest != nil {
				key, g = at, newest
			}
			return err
		})
		if err != nil {
			return entry{}, err
		}
	}
	took, err := g.addContent(head, content)
	if err == nil && !took {
		key, g = revisionKey(c.Name, c.After.GetCreateTime().AsTime(), number), newGroup()
		_, err = g.addContent(head, content)
	}
	if err != nil {
		return entry{}, damagedRevision(c.Name, number, err)
	}
	return entry{key: key, value: g.encode()}, nil
}
