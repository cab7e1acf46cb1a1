package store

import (
	"bytes"
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Query selects photos of one site.
type Query struct {
	// Site is the id of the site.
	Site string
	// Published leaves out what is not public.
	Published bool
	// SHA256 selects by content; empty selects all.
	SHA256 string
	// After is the position that List returned with the page before.
	After []byte
	// Limit is the largest number of photos; it must be positive.
	Limit int
}

// List returns photos, newest first, and the position after them, nil when
// there are no more. A photo that is uploaded meanwhile is before the first
// page; no other is missed or told twice.
func (s *Store) List(ctx context.Context, q Query) (photos []*mediav1.Photo, next []byte, err error) {
	prefix := q.prefix()
	all := kv.Prefix(prefix)
	if len(q.After) > 0 {
		all.Start = append(append(bytes.Clone(prefix), q.After...), 0)
	}
	err = s.view(ctx, func(r kv.Reader) error {
		photos, next = photos[:0], nil
		var last []byte
		for entry, err := range r.Scan(all) {
			if err != nil {
				return err
			}
			if len(photos) == q.Limit {
				next = last
				return nil
			}
			position := bytes.TrimPrefix(entry.Key, prefix)
			_, id, _ := strings.Cut(string(position), "/")
			p, err := getPhoto(r, photo.Name{Site: q.Site, ID: id})
			if err != nil {
				return err
			}
			if q.Published && !p.GetPublished() {
				continue
			}
			photos, last = append(photos, p), position
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return photos, next, nil
}

// prefix is that of the keys in the order of the query.
func (q Query) prefix() []byte {
	switch {
	case q.SHA256 != "":
		return []byte(shaPrefix + q.SHA256 + "/" + q.Site + "/")
	case q.Published:
		return []byte(publicPrefix + q.Site + "/")
	}
	return []byte(listPrefix + q.Site + "/")
}
