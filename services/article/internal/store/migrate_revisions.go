package store

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// groupRevisions is a step of the migration to format 2: in format 1 each
// revision stood by itself, not packed, and edit sessions were not thinned.
func groupRevisions(m kv.Migrator, a *migrant) error {
	created := a.State.GetCreateTime().AsTime()
	all := kv.Range{Start: revisionKey(a.Name, created, 0), End: revisionKey(a.Name, created, a.State.GetRevision()+1)}
	grouping := &grouping{m: m}
	sessions := make(map[string]bool)
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
		if err := grouping.add(e.Key, revision); err != nil {
			return err
		}
		if err := migrateSession(m, a.Name, revision, sessions); err != nil {
			return err
		}
	}
	return grouping.put()
}

// grouping puts revisions into groups, one group in memory.
type grouping struct {
	m   kv.Migrator
	key []byte // of the group that is being filled
	*group
}

func (g *grouping) add(key []byte, revision *recordv1.Revision) error {
	if g.group != nil {
		if took, err := g.group.add(revision); err != nil || took {
			return err
		}
		if err := g.put(); err != nil {
			return err
		}
	}
	g.key, g.group = key, newGroup()
	_, err := g.group.add(revision)
	return err
}

func (g *grouping) put() error {
	if g.group == nil {
		return nil
	}
	return g.m.Put(g.key, g.encode())
}

func migrateSession(m kv.Migrator, n article.Name, revision *recordv1.Revision, seen map[string]bool) error {
	session := revision.GetEditSession()
	if session == "" || seen[session] {
		return nil
	}
	seen[session] = true
	return queueSession(m, n, session, revision.GetNumber(), revision.GetCreateTime().AsTime().Add(ThinAfter))
}
