// Package store keeps the records of photos in a key-value store: the photos
// themselves, their edits, the orders they are listed in, which articles use
// them, what is still to be done, and the requests that were answered.
//
// Its errors are those of internal/fault. Every method is one whole step; no
// transaction leaves the package.
package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Store keeps records. It is safe for concurrent use.
type Store struct {
	kv kv.Store
	// due gets a word when a row of duePrefix may have been written.
	due chan struct{}
}

// New returns a Store over s, which the caller closes.
func New(s kv.Store) *Store { return &Store{kv: s, due: make(chan struct{}, 1)} }

// Create is Add that allows a second record of the same bytes, without a lease.
func (s *Store) Create(ctx context.Context, p *mediav1.Photo, request replay.Request, now time.Time) (*mediav1.Photo, error) {
	return s.Add(ctx, p, mediav1.DuplicatePolicy_DUPLICATE_POLICY_ALLOW, photo.Lease{}, request, now)
}

// Add stores a new photo and returns it, with a task for the renditions that it
// does not have, of which the caller gets the lease. It is public from the
// start when a published article already uses its name and its rights are
// cleared. When the request was answered before, the photo of that answer is
// returned as it now is; when the site has the bytes already, the policy
// decides. It fails with RESOURCE_EXISTS, DUPLICATE_PHOTO and REQUEST_ID_REUSED.
func (s *Store) Add(ctx context.Context, p *mediav1.Photo, policy mediav1.DuplicatePolicy, lease photo.Lease, request replay.Request,
	now time.Time,
) (*mediav1.Photo, error) {
	var created *mediav1.Photo
	err := s.update(ctx, func(tx kv.Tx) error {
		var err error
		if created, err = replayed(tx, request, now); created != nil || err != nil {
			return err
		}
		name, err := photo.ParseName("name", p.GetName())
		if err != nil {
			return err
		}
		if created, err = settleDuplicate(tx, name.Site, p.GetSha256(), policy); err != nil {
			return err
		}
		if created != nil {
			return requests().Remember(tx, request, created.GetName(), now)
		}
		created = proto.CloneOf(p)
		if err := absent(tx, photoKey(name)); err != nil {
			if errors.Is(err, errPresent) {
				return fault.Exists(p.GetName())
			}
			return err
		}
		return insert(tx, name, created, lease, request, now)
	})
	if err != nil {
		return nil, err
	}
	s.poke()
	return created, nil
}

// insert writes everything that a new photo consists of.
func insert(tx kv.Tx, name photo.Name, p *mediav1.Photo, lease photo.Lease, request replay.Request, now time.Time) error {
	if err := tx.Delete(uploadKey(p.GetSha256(), name)); err != nil {
		return err
	}
	if err := firstTask(tx, name, p, lease, now); err != nil {
		return err
	}
	if err := putLog(tx, name, p, p.GetCreator()); err != nil {
		return err
	}
	if err := requests().Remember(tx, request, p.GetName(), now); err != nil {
		return err
	}
	return put(tx, name, nil, p, refCreated, now)
}

// Get returns a photo. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Get(ctx context.Context, name photo.Name) (*mediav1.Photo, error) {
	photos, err := s.GetAll(ctx, []photo.Name{name})
	if err != nil {
		return nil, err
	}
	return photos[0], nil
}

// GetAll returns photos in the order of names, of one moment. It fails with
// RESOURCE_NOT_FOUND, naming the first that is missing.
func (s *Store) GetAll(ctx context.Context, names []photo.Name) ([]*mediav1.Photo, error) {
	photos := make([]*mediav1.Photo, 0, len(names))
	err := s.view(ctx, func(r kv.Reader) error {
		photos = photos[:0]
		for _, name := range names {
			p, err := getPhoto(r, name)
			if err != nil {
				return err
			}
			photos = append(photos, p)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return photos, nil
}

func getPhoto(r kv.Reader, name photo.Name) (*mediav1.Photo, error) {
	data, err := r.Get(photoKey(name))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, fault.NotFound(name.String()).With("name", name.String())
	}
	if err != nil {
		return nil, err
	}
	return decode(data, name.String())
}

func decode(data []byte, what string) (*mediav1.Photo, error) {
	p := &mediav1.Photo{}
	if err := proto.Unmarshal(data, p); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the record of %s cannot be read; the operator must restore the store from a copy", what)
	}
	return p, nil
}

// putPhoto writes the record and the rows of all lists, and tells the change
// log. Where rights, state or usages may have changed, use put.
func putPhoto(tx kv.Tx, name photo.Name, p *mediav1.Photo, ref string) error {
	old, err := stored(tx, name)
	if err != nil {
		return err
	}
	if err := reindex(tx, name, old, p); err != nil {
		return err
	}
	data, err := proto.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	if err := tx.Put(photoKey(name), data); err != nil {
		return err
	}
	return tx.Emit(topic(name), []byte(ref))
}

func beingRemoved() error {
	return fault.New(faultv1.Reason_REASON_OBJECTS_UNAVAILABLE,
		"an earlier, unfinished upload of the same photo is being cleaned up; send it again in a moment").
		RetryAfter(2 * time.Second)
}
