package store

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// pageBytes is what one read of a list holds in memory, but for its last photo.
const pageBytes = 4 << 20

// Order is an order that photos are listed in.
type Order int

// The orders.
const (
	NewestFirst Order = iota
	OldestFirst
	// ByExpiry lists those whose rights end, the first to end first.
	ByExpiry
)

// Query selects photos of one site. What it selects by narrows what is looked
// at; the list may hold others, for a filter to leave out.
type Query struct {
	// Site is the id of the site.
	Site string
	// Order is that of the list.
	Order Order
	// From and Until bound the time that the list is ordered by; zero is no
	// bound. Until itself is left out.
	From, Until time.Time
	// SHA256, Tag, Unused and Published each name photos that are enough to look
	// at. Lists by expiry do not look at them.
	SHA256, Tag       string
	Unused, Published bool
	// Duplicates asks for Item.Duplicate.
	Duplicates bool
	// After is the position of the last item seen.
	After []byte
	// Limit is the largest number of photos; it must be positive.
	Limit int
}

// List returns photos in the order of the query. There may be fewer than Limit
// although there are more; none end the list. A position is good for all
// queries of one order, except between ByExpiry and others. Photos that come
// meanwhile move none of those that were there, except that one whose rights
// end at another time moves in lists by expiry.
func (s *Store) List(ctx context.Context, q Query) ([]photo.Item, error) {
	var items []photo.Item
	err := s.view(ctx, func(r kv.Reader) error {
		items = items[:0]
		found, err := q.scan(r)
		if err != nil {
			return err
		}
		size := 0
		for _, at := range found {
			if size > pageBytes {
				return nil
			}
			item, bytes, err := q.item(r, at)
			if err != nil {
				return err
			}
			items = append(items, item)
			size += bytes
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return items, nil
}

// place is a row of a list.
type place struct {
	position []byte
	id       string
}

// scan returns the first places of the query's rows. Rows under several
// prefixes are merged.
func (q Query) scan(r kv.Reader) ([]place, error) {
	var all []place
	prefixes := q.prefixes()
	for _, prefix := range prefixes {
		for entry, err := range r.Scan(q.keys(prefix)) {
			if err != nil {
				return nil, err
			}
			at, id, err := position(entry.Key, prefix)
			if err != nil {
				return nil, err
			}
			all = append(all, place{at, id})
		}
	}
	if len(prefixes) > 1 {
		slices.SortFunc(all, func(a, b place) int {
			if q.Order == OldestFirst {
				a, b = b, a
			}
			return bytes.Compare(a.position, b.position)
		})
		all = slices.CompactFunc(all, func(a, b place) bool { return bytes.Equal(a.position, b.position) })
	}
	return all[:min(len(all), q.Limit)], nil
}

// prefixes are those of the rows to look at: as few as can be.
func (q Query) prefixes() []string {
	switch {
	case q.Order == ByExpiry:
		return []string{expiringPrefix + q.Site + "/"}
	case q.SHA256 != "":
		return []string{shaPrefix + q.SHA256 + "/" + q.Site + "/"}
	case q.Tag != "":
		tags := tagPrefix + q.Site + "/"
		return []string{tags + tagID(q.Tag) + "/", tags + moreTags + "/"}
	case q.Unused:
		return []string{unusedPrefix + q.Site + "/"}
	case q.Published:
		return []string{publicPrefix + q.Site + "/"}
	}
	return []string{listPrefix + q.Site + "/"}
}

// keys are the rows under a prefix that the query goes on with.
func (q Query) keys(prefix string) kv.Range {
	keys := kv.Prefix([]byte(prefix))
	keys.Limit, keys.Reverse = q.Limit, q.Order == OldestFirst
	term, first, last := timeTerm, q.From, q.Until
	if !last.IsZero() {
		last = last.Add(-time.Microsecond)
	}
	if q.Order != ByExpiry {
		term, first, last = newestFirst, last, first
	}
	if !first.IsZero() {
		keys.Start = []byte(prefix + term(first))
	}
	if !last.IsZero() {
		keys.End = []byte(prefix + term(last) + "0") // the character behind the slash
	}
	switch {
	case len(q.After) == 0:
	case keys.Reverse:
		keys.End = append([]byte(prefix), q.After...)
	default:
		keys.Start = append(append([]byte(prefix), q.After...), 0)
	}
	return keys
}

// item reads the photo at a place, and tells its size.
func (q Query) item(r kv.Reader, at place) (photo.Item, int, error) {
	name := photo.Name{Site: q.Site, ID: at.id}
	data, err := r.Get(photoKey(name))
	if err != nil {
		return photo.Item{}, 0, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"a list names %s, which cannot be read; the operator must restore the store from a copy", name)
	}
	item := photo.Item{Position: at.position}
	if item.Photo, err = decode(data, name.String()); err == nil && q.Duplicates {
		item.Duplicate, err = duplicate(r, name, item.Photo.GetSha256())
	}
	return item, len(data), err
}

// duplicate reports whether the site has more than one photo with the bytes.
func duplicate(r kv.Reader, name photo.Name, sha256 string) (bool, error) {
	same := kv.Prefix([]byte(shaPrefix + sha256 + "/" + name.Site + "/"))
	same.Limit = 2
	n := 0
	for _, err := range r.Scan(same) {
		if err != nil {
			return false, err
		}
		n++
	}
	return n > 1, nil
}
