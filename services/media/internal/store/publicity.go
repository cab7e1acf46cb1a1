package store

import (
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// put writes a record in place of old, nil when it is new, together with what
// follows from it: whether it is public, and the row that says when its rights
// end. An update that ends the rights is told as such. It touches at most two
// keys more than putPhoto, three where the end moves.
func put(tx kv.Tx, name photo.Name, old, p *mediav1.Photo, ref string, now time.Time) error {
	if err := publish(tx, name, p, now); err != nil {
		return err
	}
	if err := noteOnce(tx, name, old, p); err != nil {
		return err
	}
	if err := replan(tx, name, old, p); err != nil {
		return err
	}
	p.Rights = nil // follows from the record and the time; see photo.RightsOf
	before, after := dueKey(name, old), dueKey(name, p)
	if photo.Expired(p, now) {
		after = nil
		if ref == refUpdated && photo.Cleared(old, now) {
			ref = refExpired
		}
	}
	if before != nil && string(before) != string(after) {
		if err := tx.Delete(before); err != nil {
			return err
		}
	}
	if after != nil {
		if err := tx.Put(after, nil); err != nil {
			return err
		}
	}
	return putPhoto(tx, name, p, ref)
}

// publish says in the record how articles use the photo, and whether it is
// public: a published article uses it and its rights are cleared.
func publish(r kv.Reader, name photo.Name, p *mediav1.Photo, now time.Time) error {
	usage, err := usageOf(r, name)
	if err != nil {
		return err
	}
	p.Usage = usage
	p.Published = usage == mediav1.Photo_USAGE_PUBLISHED && photo.Cleared(p, now)
	return nil
}

// usageOf returns the most public way in which articles use a photo.
func usageOf(r kv.Reader, name photo.Name) (mediav1.Photo_Usage, error) {
	for _, level := range []struct {
		prefix string
		usage  mediav1.Photo_Usage
	}{
		{usagePrefix, mediav1.Photo_USAGE_PUBLISHED},
		{workingPrefix, mediav1.Photo_USAGE_WORKING},
		{anyPrefix, mediav1.Photo_USAGE_REVISION},
	} {
		row := kv.Prefix(usageKey(level.prefix, name, ""))
		row.Limit = 1
		for _, err := range r.Scan(row) {
			return level.usage, err
		}
	}
	return mediav1.Photo_USAGE_UNSPECIFIED, nil
}
