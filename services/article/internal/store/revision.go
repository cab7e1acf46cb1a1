package store

import (
	"context"
	"fmt"

	"google.golang.org/protobuf/proto"

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
	value, err := g.encode()
	return entry{key: key, value: value}, err
}

// groupRevisions is a step of the migration to format 2: in format 1 each
// revision stood by itself, not packed.
func groupRevisions(m kv.Migrator, a *migrant) error {
	created := a.State.GetCreateTime().AsTime()
	all := kv.Range{Start: revisionKey(a.Name, created, 0), End: revisionKey(a.Name, created, a.State.GetRevision()+1)}
	var key []byte
	g := newGroup()
	put := func() error {
		if key == nil {
			return nil
		}
		value, err := g.encode()
		if err != nil {
			return err
		}
		return m.Put(key, value)
	}
	for e, err := range m.Scan(all) {
		if err != nil {
			return err
		}
		revision := &recordv1.Revision{}
		if err := proto.Unmarshal(e.Value, revision); err != nil {
			return fmt.Errorf("decode %q: %w", e.Key, err)
		}
		revision.Number = numberOf(e.Key)
		if err := m.Delete(e.Key); err != nil {
			return err
		}
		took := false
		if key != nil {
			if took, err = g.add(revision); err != nil {
				return err
			}
		}
		if took {
			continue
		}
		if err := put(); err != nil {
			return err
		}
		key, g = e.Key, newGroup()
		if _, err := g.add(revision); err != nil {
			return err
		}
	}
	return put()
}
