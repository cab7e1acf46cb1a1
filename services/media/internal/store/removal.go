package store

import (
	"context"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// Removal takes a photo away, or brings it back.
type Removal struct {
	// Etag is that of the state the caller has seen; any when it is empty.
	Etag string
	// Kind is what watchers are told.
	Kind mediav1.WatchPhotosResponse_Kind
	// Change returns what the photo becomes.
	Change func(p *mediav1.Photo) (*mediav1.Photo, error)
	// Permit decides, on the record, whether the caller may.
	Permit  func(*mediav1.Photo) error
	Request replay.Request
}

// Remove takes a photo away or brings it back, and returns it as it now is. A
// request that was answered before has no second effect. It fails with
// RESOURCE_NOT_FOUND, EDIT_CONFLICT, REQUEST_ID_REUSED and the errors of Change
// and Permit.
func (s *Store) Remove(ctx context.Context, name photo.Name, removal Removal, now time.Time) (*mediav1.Photo, error) {
	var after *mediav1.Photo
	err := s.update(ctx, func(tx kv.Tx) error {
		current, err := getPhoto(tx, name)
		if err != nil {
			return err
		}
		if err := removal.Permit(current); err != nil {
			return err
		}
		if after, err = replayed(tx, removal.Request, now); after != nil || err != nil {
			return err
		}
		if err := checkEtag(tx, name, current, removal.Etag); err != nil {
			return err
		}
		if after, err = removal.Change(proto.CloneOf(current)); err != nil {
			return err
		}
		if err := requests().Remember(tx, removal.Request, name.String(), now); err != nil {
			return err
		}
		if err := moveTask(tx, name, after, now); err != nil {
			return err
		}
		return put(tx, name, current, after, refOf(removal.Kind), now)
	})
	if err != nil {
		return nil, err
	}
	s.poke()
	return after, nil
}

// moveTask wants nothing more of a photo that is withdrawn, and what is missing
// of one that comes back.
func moveTask(tx kv.Tx, name photo.Name, after *mediav1.Photo, now time.Time) error {
	switch missing := photo.Missing(after); {
	case after.GetState() == mediav1.Photo_STATE_WITHDRAWN:
		return dropTask(tx, name)
	case photo.Removed(after), len(missing) == 0:
		return nil
	default:
		return want(tx, name, after, missing, recordv1.Task_PRIORITY_EDIT, now)
	}
}

// checkEtag fails with EDIT_CONFLICT unless the etag is that of the photo, or
// empty.
func checkEtag(r kv.Reader, name photo.Name, p *mediav1.Photo, etag string) error {
	if etag == "" || etag == p.GetEtag() {
		return nil
	}
	last, err := getLog(r, name, p.GetEtag())
	if err != nil {
		return err
	}
	return fault.Conflict(p.GetName(), &faultv1.EditConflict{
		CurrentRevision: photo.RevisionOf(p.GetEtag()), CurrentEtag: p.GetEtag(),
		CurrentAuthor: last.GetCreator(), CurrentTime: last.GetUpdateTime(),
	})
}

// noteOnce remembers that a photo was public, when it becomes so.
func noteOnce(tx kv.Tx, name photo.Name, old, p *mediav1.Photo) error {
	if !p.GetPublished() || old.GetPublished() {
		return nil
	}
	past := &recordv1.Past{}
	if err := kvrecord.Get(tx, pastKey(name), past); err != nil || past.GetOncePublic() {
		return err
	}
	past.OncePublic = true
	return kvrecord.Put(tx, pastKey(name), past)
}

// OncePublic reports whether anyone could ever see the photo.
func (s *Store) OncePublic(ctx context.Context, name photo.Name) (bool, error) {
	past := &recordv1.Past{}
	err := s.view(ctx, func(r kv.Reader) error {
		past.Reset()
		return kvrecord.Get(r, pastKey(name), past)
	})
	return past.GetOncePublic(), err
}

// SameBytes returns the other photos of the site with the content of one,
// whether they are withdrawn or not, by name.
func (s *Store) SameBytes(ctx context.Context, name photo.Name, sha256 string) ([]*mediav1.Photo, error) {
	var same []*mediav1.Photo
	err := s.view(ctx, func(r kv.Reader) error {
		same = same[:0]
		for _, prefix := range []string{shaPrefix, withdrawnPrefix} {
			all := prefix + sha256 + "/" + name.Site + "/"
			for entry, err := range r.Scan(kv.Prefix([]byte(all))) {
				if err != nil {
					return err
				}
				_, id, err := position(entry.Key, all)
				if err != nil {
					return err
				}
				p, err := getPhoto(r, photo.Name{Site: name.Site, ID: id})
				if err != nil {
					return err
				}
				// A withdrawn one has rows under both prefixes until it is purged.
				if id != name.ID && (prefix == shaPrefix || p.GetPurged()) {
					same = append(same, p)
				}
			}
		}
		return nil
	})
	return same, err
}

// refOf is the reference in the change log that stands for a kind; kindOf reads
// it.
func refOf(kind mediav1.WatchPhotosResponse_Kind) string {
	return strings.ToLower(strings.TrimPrefix(kind.String(), "KIND_"))
}
