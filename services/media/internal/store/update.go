package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// keptEdits is how many edits of a photo are kept to merge with. The etag of
// an older one gets EDIT_CONFLICT.
const keptEdits = 50

// Update makes an edit of a photo and returns the photo. permit decides, on
// the record, whether the editor may. A request that was answered before has
// no second effect. It fails with RESOURCE_NOT_FOUND, EDIT_CONFLICT,
// REQUEST_ID_REUSED, WRONG_STATE and the error of permit.
func (s *Store) Update(ctx context.Context, name photo.Name, edit photo.Edit, editor string, request replay.Request,
	now time.Time, permit func(*mediav1.Photo) error,
) (*mediav1.Photo, error) {
	var changed *mediav1.Photo
	err := s.update(ctx, func(tx kv.Tx) error {
		current, err := getPhoto(tx, name)
		if err != nil {
			return err
		}
		if err := permit(current); err != nil {
			return err
		}
		if changed, err = replayed(tx, request, now); changed != nil || err != nil {
			return err
		}
		if err := photo.Editable(current); err != nil {
			return err
		}
		if changed, err = apply(tx, name, current, edit, now); err != nil {
			return err
		}
		if err := requests().Remember(tx, request, name.String(), now); err != nil {
			return err
		}
		if changed == current {
			return nil
		}
		if err := follow(tx, name, changed, current, now); err != nil {
			return err
		}
		if err := putLog(tx, name, changed, editor); err != nil {
			return err
		}
		return put(tx, name, current, changed, refUpdated, now)
	})
	if err != nil {
		return nil, err
	}
	s.poke()
	return changed, nil
}

// apply makes the edit with what the log knows.
func apply(tx kv.Tx, name photo.Name, current *mediav1.Photo, edit photo.Edit, now time.Time) (*mediav1.Photo, error) {
	if edit.Etag == current.GetEtag() {
		return edit.Apply(current, nil, nil, now)
	}
	base, err := getLog(tx, name, edit.Etag)
	if err != nil {
		return nil, err
	}
	last, err := getLog(tx, name, current.GetEtag())
	if err != nil {
		return nil, err
	}
	return edit.Apply(current, base, last, now)
}

// getLog returns the edit that an etag stands for, nil when it is not known.
func getLog(r kv.Reader, name photo.Name, etag string) (*mediav1.Photo, error) {
	data, err := r.Get(logKey(name, photo.RevisionOf(etag)))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil //nolint:nilnil // an edit that is not kept is no error
	}
	if err != nil {
		return nil, err
	}
	entry, err := decode(data, name.String())
	if err != nil || entry.GetEtag() != etag {
		return nil, err
	}
	return entry, nil
}

// putLog keeps an edit and forgets the one that is now too old.
func putLog(tx kv.Tx, name photo.Name, p *mediav1.Photo, editor string) error {
	data, err := proto.Marshal(photo.Log(p, editor))
	if err != nil {
		return fmt.Errorf("encode an edit of %s: %w", name, err)
	}
	revision := photo.RevisionOf(p.GetEtag())
	if revision > keptEdits {
		if err := tx.Delete(logKey(name, revision-keptEdits)); err != nil {
			return err
		}
	}
	return tx.Put(logKey(name, revision), data)
}
