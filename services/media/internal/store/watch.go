package store

import (
	"bytes"
	"context"
	"iter"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Position is a place in the change log.
type Position = kv.Version

// Event is what a watcher is told.
type Event struct {
	// Kind is what happened; HEARTBEAT for nothing.
	Kind mediav1.WatchPhotosResponse_Kind
	// Name is that of the photo that changed, the zero name in a heartbeat.
	Name photo.Name
	// Photo is it as it now is; nil when it is gone, and in a heartbeat.
	Photo *mediav1.Photo
	// Position is where to go on after this event.
	Position Position
}

// Now returns the position after everything that has happened.
func (s *Store) Now(ctx context.Context) (Position, error) {
	version, err := s.kv.Version(ctx)
	return version, kvrecord.Explain(err)
}

// Watch yields what happens after a position to the photos of a site, of all
// sites when it is "-", in order, and a heartbeat every few seconds while
// nothing does. It ends with an error: that of the context, or
// RESUME_TOKEN_EXPIRED, or STORE_UNAVAILABLE.
func (s *Store) Watch(ctx context.Context, site string, after Position) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for batch, err := range s.kv.Watch(ctx, sitePrefix(topicPrefix, site), after) {
			if err != nil {
				yield(Event{}, kvrecord.Explain(err))
				return
			}
			for i, change := range batch.Changes {
				event, err := s.event(ctx, change)
				if err != nil {
					yield(Event{}, err)
					return
				}
				// One transaction may change several photos; only behind the
				// last of them is its version a position to go on from.
				if i+1 < len(batch.Changes) && batch.Changes[i+1].Version == change.Version {
					event.Position--
				}
				if !yield(event, nil) {
					return
				}
			}
			if !yield(Event{Kind: mediav1.WatchPhotosResponse_KIND_HEARTBEAT, Position: batch.Through}, nil) {
				return
			}
		}
	}
}

// event reads the photo that changed; Photo is nil when it is gone.
func (s *Store) event(ctx context.Context, change kv.Change) (Event, error) {
	name, ok := nameOf(change.Topic, topicPrefix)
	if !ok {
		return Event{}, kvrecord.UnexpectedKey(change.Topic)
	}
	p, err := s.Get(ctx, name)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return Event{}, err
	}
	kind := kindOf(string(change.Ref))
	if p == nil { // whatever happened before it was gone
		kind = mediav1.WatchPhotosResponse_KIND_PURGED
	}
	return Event{Kind: kind, Name: name, Photo: p, Position: change.Version}, nil
}

// Walk yields all photos of a site, of all sites when it is "-", by name. It
// holds no transaction while it yields, so photos that change meanwhile are
// yielded as they were or as they are; watching from a position taken before
// tells of every change.
func (s *Store) Walk(ctx context.Context, site string) iter.Seq2[*mediav1.Photo, error] {
	return func(yield func(*mediav1.Photo, error) bool) {
		const page = 100
		rest := kv.Prefix(sitePrefix(photoPrefix, site))
		rest.Limit = page
		for {
			photos, last, err := s.read(ctx, rest)
			for _, p := range photos {
				if !yield(p, nil) {
					return
				}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(photos) < page {
				return
			}
			rest.Start = append(last, 0)
		}
	}
}

// read returns the photos in a range of their keys, and the last key.
func (s *Store) read(ctx context.Context, keys kv.Range) (photos []*mediav1.Photo, last []byte, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		photos = photos[:0]
		for entry, err := range r.Scan(keys) {
			if err != nil {
				return err
			}
			p, err := decode(entry.Value, string(bytes.TrimPrefix(entry.Key, []byte(photoPrefix))))
			if err != nil {
				return err
			}
			photos, last = append(photos, p), entry.Key
		}
		return nil
	})
	return photos, last, err
}

func sitePrefix(prefix, site string) []byte {
	if site == "-" {
		return []byte(prefix)
	}
	return []byte(prefix + site + "/")
}
