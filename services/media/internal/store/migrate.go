package store

import (
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// Format returns the layout that this package reads and writes. What changed
// with each number:
//
//	1  the first
//	2  photos are listed by tag, by the end of their rights and by being unused;
//	   what is wanted of the renditions of a photo stands in a task
func Format() kv.Format {
	return kv.Format{Number: 2, Migrations: []kv.Migration{{From: 1, Step: toFormat2}}}
}

// photoSteps are what format 2 makes of each photo, in this order. A step
// writes rows that are derived from the record, and may change the record, which
// is stored after the last one.
func photoSteps() []func(kv.Migrator, photo.Name, *mediav1.Photo) error {
	return []func(kv.Migrator, photo.Name, *mediav1.Photo) error{usageField, onceRow, firstTaskOf, listRows}
}

// toFormat2 runs the steps. Nothing is held in memory besides one photo.
func toFormat2(m kv.Migrator) error {
	for e, err := range m.Scan(kv.Prefix([]byte(photoPrefix))) {
		if err != nil {
			return err
		}
		if err := migratePhoto(m, e); err != nil {
			return fmt.Errorf("migrate %q: %w", e.Key, err)
		}
	}
	return nil
}

func migratePhoto(m kv.Migrator, e kv.Entry) error {
	name, ok := nameOf(e.Key, photoPrefix)
	if !ok {
		return kvrecord.UnexpectedKey(e.Key)
	}
	p, err := decode(e.Value, name.String())
	if err != nil {
		return err
	}
	was := proto.CloneOf(p)
	for _, step := range photoSteps() {
		if err := step(m, name, p); err != nil {
			return err
		}
	}
	if proto.Equal(was, p) {
		return nil
	}
	value, err := proto.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	return m.Put(e.Key, value)
}

// usageField says what format 1 knew of the use of a photo.
func usageField(_ kv.Migrator, _ photo.Name, p *mediav1.Photo) error {
	// The first snapshot of the article feed tells the rest.
	p.Usage = mediav1.Photo_USAGE_UNSPECIFIED
	if p.GetPublished() {
		p.Usage = mediav1.Photo_USAGE_PUBLISHED
	}
	return nil
}

// onceRow remembers what is public now.
func onceRow(m kv.Migrator, name photo.Name, p *mediav1.Photo) error {
	if !p.GetPublished() {
		return nil
	}
	data, err := proto.Marshal(&recordv1.Past{OncePublic: true})
	if err != nil {
		return fmt.Errorf("encode the past of %s: %w", name, err)
	}
	return m.Put(pastKey(name), data)
}

// listRows writes all rows that lists are read from. It comes last: rows follow
// from the record as it will be.
func listRows(m kv.Migrator, name photo.Name, p *mediav1.Photo) error {
	for key := range rows(name, p) {
		if err := m.Put([]byte(key), nil); err != nil {
			return err
		}
	}
	return nil
}
