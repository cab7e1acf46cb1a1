package store

import (
	"context"
	"iter"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Version returns the version of the newest write.
func (s *Store) Version(ctx context.Context) (uint64, error) {
	v, err := s.kv.Version(ctx)
	return uint64(v), kvrecord.Explain(err)
}

// Changes yields what happened to the photos of a site, or of all sites with
// "-", after the version, in order, and never ends by itself. An empty batch
// comes every few seconds while nothing happens. It fails with
// RESUME_TOKEN_EXPIRED when the log no longer reaches back.
func (s *Store) Changes(ctx context.Context, site string, after uint64) iter.Seq2[photo.Batch, error] {
	return func(yield func(photo.Batch, error) bool) {
		for batch, err := range s.kv.Watch(ctx, sitePrefix(topicPrefix, site), kv.Version(after)) {
			if err != nil {
				yield(photo.Batch{}, kvrecord.Explain(err))
				return
			}
			out := photo.Batch{Through: uint64(batch.Through)}
			for _, c := range batch.Changes {
				name, ok := nameOf(c.Topic, topicPrefix)
				if !ok {
					yield(photo.Batch{}, kvrecord.UnexpectedKey(c.Topic))
					return
				}
				out.Told = append(out.Told, photo.Told{Name: name, Kind: kindOf(string(c.Ref)), Version: uint64(c.Version)})
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}

// Names returns at most limit photos of a site, or of all sites with "-", by
// name, after a position, and the position after them; none end the walk.
func (s *Store) Names(ctx context.Context, site string, after []byte, limit int) (names []photo.Name, next []byte, err error) {
	keys := kv.Prefix(sitePrefix(photoPrefix, site))
	keys.Limit = limit
	if len(after) > 0 {
		keys.Start = append(append([]byte(nil), after...), 0)
	}
	err = s.view(ctx, func(r kv.Reader) error {
		names = names[:0]
		for entry, err := range r.Scan(keys) {
			if err != nil {
				return err
			}
			name, ok := nameOf(entry.Key, photoPrefix)
			if !ok {
				return kvrecord.UnexpectedKey(entry.Key)
			}
			names, next = append(names, name), entry.Key
		}
		return nil
	})
	return names, next, err
}

// Lookup returns the photos with the names, of one moment; the record of one
// that is not there is nil. Positions are not set.
func (s *Store) Lookup(ctx context.Context, names []photo.Name, duplicates bool) ([]photo.Item, error) {
	items := make([]photo.Item, 0, len(names))
	err := s.view(ctx, func(r kv.Reader) error {
		items = items[:0]
		for _, name := range names {
			p, err := stored(r, name)
			if err != nil {
				return err
			}
			item := photo.Item{Photo: p}
			if p != nil && duplicates {
				if item.Duplicate, err = duplicate(r, name, p.GetSha256()); err != nil {
					return err
				}
			}
			items = append(items, item)
		}
		return nil
	})
	return items, err
}

// kindOf reads what a reference in the change log stands for.
func kindOf(ref string) mediav1.WatchPhotosResponse_Kind {
	kind, known := mediav1.WatchPhotosResponse_Kind_value["KIND_"+strings.ToUpper(ref)]
	if !known {
		return mediav1.WatchPhotosResponse_KIND_UPDATED
	}
	return mediav1.WatchPhotosResponse_Kind(kind)
}
