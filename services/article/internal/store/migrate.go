package store

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Format returns the layout that this package reads and writes. What changed
// with each number:
//
//	1  the first
//	2  revisions are packed in groups, and what lists, links and languages need of
//	   articles stands in rows of its own; slugs tell the uid of their article
func Format() kv.Format {
	return kv.Format{Number: 2, Migrations: []kv.Migration{{From: 1, Step: toFormat2}}}
}

// articleSteps are what format 2 makes of each article, in this order. A step
// writes rows that are derived from the article and may change a.State, which
// is stored after the last one.
func articleSteps() []func(kv.Migrator, *migrant) error {
	return []func(kv.Migrator, *migrant) error{groupRevisions, listRows, translationRows, firstPublication, photoRow}
}

// eventSteps are what format 2 makes of each audit event, oldest first, when
// all articles are done. The event may be about a site, or about an article
// that is gone.
func eventSteps() []func(kv.Migrator, *recordv1.Event) error {
	return []func(kv.Migrator, *recordv1.Event) error{replayPublication}
}

// migrant is an article on its way to another format.
type migrant struct {
	Name  article.Name
	State *recordv1.State
}

// toFormat2 runs the steps. Writes are committed in chunks, so nothing is held
// in memory besides one article.
func toFormat2(m kv.Migrator) error {
	for e, err := range m.Scan(kv.Prefix([]byte(stateBase))) {
		if err != nil {
			return err
		}
		if err := migrateArticle(m, e); err != nil {
			return fmt.Errorf("migrate %q: %w", e.Key, err)
		}
	}
	if err := slugRows(m); err != nil {
		return err
	}
	for e, err := range m.Scan(kv.Prefix([]byte(auditBase))) {
		if err != nil {
			return err
		}
		if err := migrateEvent(m, e); err != nil {
			return fmt.Errorf("migrate %q: %w", e.Key, err)
		}
	}
	return nil
}

func migrateArticle(m kv.Migrator, e kv.Entry) error {
	a := &migrant{State: &recordv1.State{}}
	if err := proto.Unmarshal(e.Value, a.State); err != nil {
		return err
	}
	var err error
	if a.Name, err = article.ParseName("name", a.State.GetName()); err != nil {
		return err
	}
	was := proto.CloneOf(a.State)
	for _, step := range articleSteps() {
		if err := step(m, a); err != nil {
			return err
		}
	}
	if proto.Equal(was, a.State) {
		return nil
	}
	value, err := encode(a.State)
	if err != nil {
		return err
	}
	return m.Put(e.Key, value)
}

func migrateEvent(m kv.Migrator, e kv.Entry) error {
	event := &recordv1.Event{}
	if err := proto.Unmarshal(e.Value, event); err != nil {
		return err
	}
	for _, step := range eventSteps() {
		if err := step(m, event); err != nil {
			return err
		}
	}
	return nil
}
