package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// purgeKey returns the key of the row that says when a removed photo is purged,
// nil when it is not.
func purgeKey(name photo.Name, p *mediav1.Photo) []byte {
	if p.GetPurgeTime() == nil || p.GetPurged() {
		return nil
	}
	return fmt.Appendf(nil, "%s%016x/%s/%s", purgePrefix, max(0, p.GetPurgeTime().AsTime().UnixMicro()), name.Site, name.ID)
}

// replan moves the row of a photo's purge from what it was to what it becomes.
func replan(tx kv.Tx, name photo.Name, old, p *mediav1.Photo) error {
	before, after := purgeKey(name, old), purgeKey(name, p)
	if before != nil && string(before) != string(after) {
		if err := tx.Delete(before); err != nil {
			return err
		}
	}
	if after != nil {
		return tx.Put(after, nil)
	}
	return nil
}

// DuePurges returns the photos that are to be purged by now, at most limit of
// them.
func (s *Store) DuePurges(ctx context.Context, now time.Time, limit int) ([]photo.Name, error) {
	var names []photo.Name
	err := s.view(ctx, func(r kv.Reader) error {
		names = names[:0]
		until := fmt.Appendf(nil, "%s%016x/", purgePrefix, now.UnixMicro()+1)
		for entry, err := range r.Scan(kv.Range{Start: []byte(purgePrefix), End: until, Limit: limit}) {
			if err != nil {
				return err
			}
			_, rest, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), purgePrefix), "/")
			name, ok := nameOf([]byte(rest), "")
			if !ok {
				return kvrecord.UnexpectedKey(entry.Key)
			}
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

// Purge removes a deleted photo for good, or what shows and tells of people from
// a withdrawn one, when its time has come; its objects are to be removed then,
// see [Store.Doomed]. It reports false when there is nothing to do. It may be
// repeated.
func (s *Store) Purge(ctx context.Context, name photo.Name, now time.Time) (purged bool, err error) {
	p, err := s.Get(ctx, name)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return false, nil
	}
	if err != nil || !purgeDue(p, now) {
		return false, err
	}
	if err := s.forgetEdits(ctx, name); err != nil {
		return false, err
	}
	err = s.update(ctx, func(tx kv.Tx) error {
		purged = false
		p, err := getPhoto(tx, name)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return nil
		}
		if err != nil || !purgeDue(p, now) {
			return err
		}
		purged = true
		if err := tx.Put(doomedKey(p.GetSha256()), nil); err != nil {
			return err
		}
		if p.GetState() == mediav1.Photo_STATE_DELETED {
			return drop(tx, name, p)
		}
		if err := tx.Delete(retiredKey(name)); err != nil {
			return err
		}
		left := photo.Purge(p, now)
		if err := putLog(tx, name, left, left.GetCreator()); err != nil {
			return err
		}
		return put(tx, name, p, left, refUpdated, now)
	})
	if err != nil || !purged {
		return false, err
	}
	// The file keeps bytes of what was replaced until it is compacted.
	if c, ok := s.kv.(kv.Compactor); ok && p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		err = kvrecord.Explain(c.WantCompaction(ctx))
	}
	return true, err
}

func purgeDue(p *mediav1.Photo, now time.Time) bool {
	return photo.Removed(p) && p.GetPurgeTime() != nil && !p.GetPurged() && !now.Before(p.GetPurgeTime().AsTime())
}

// drop removes a photo with all that belongs to it, but for its usages: an
// article may wait for a photo of this name.
func drop(tx kv.Tx, name photo.Name, p *mediav1.Photo) error {
	if err := dropTask(tx, name); err != nil {
		return err
	}
	for _, key := range [][]byte{purgeKey(name, p), pastKey(name), retiredKey(name), dueKey(name, p)} {
		if key == nil {
			continue
		}
		if err := tx.Delete(key); err != nil {
			return err
		}
	}
	return dropPhoto(tx, name, refOf(mediav1.WatchPhotosResponse_KIND_PURGED))
}

// forgetEdits removes the kept edits of a photo.
func (s *Store) forgetEdits(ctx context.Context, name photo.Name) error {
	const perTransaction = 50
	for {
		n := 0
		err := s.update(ctx, func(tx kv.Tx) error {
			n = 0
			some := kv.Prefix([]byte(logPrefix + name.Site + "/" + name.ID + "/"))
			some.Limit = perTransaction
			for entry, err := range tx.Scan(some) {
				if err != nil {
					return err
				}
				if err := tx.Delete(entry.Key); err != nil {
					return err
				}
				n++
			}
			return nil
		})
		if err != nil || n < perTransaction {
			return err
		}
	}
}

// Doomed returns contents whose objects are to be removed by now unless another
// photo has them, at most limit of them.
func (s *Store) Doomed(ctx context.Context, now time.Time, limit int) ([]string, error) {
	var contents []string
	err := s.view(ctx, func(r kv.Reader) error {
		contents = contents[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(doomedPrefix))) {
			if err != nil {
				return err
			}
			if len(entry.Value) > 0 {
				if waits, err := marked(r, entry.Key, now); waits || err != nil {
					if err != nil {
						return err
					}
					continue
				}
			}
			contents = append(contents, strings.TrimPrefix(string(entry.Key), doomedPrefix))
			if len(contents) == limit {
				return nil
			}
		}
		return nil
	})
	return contents, err
}

// Postpone says when to look at the objects of a doomed content again.
func (s *Store) Postpone(ctx context.Context, sha256 string, until time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error { return mark(tx, doomedKey(sha256), until) })
}

// Spare says that the objects of a doomed content are gone, or needed.
func (s *Store) Spare(ctx context.Context, sha256 string) error {
	return s.update(ctx, func(tx kv.Tx) error { return tx.Delete(doomedKey(sha256)) })
}
