package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Lives of the marks that uploads and the sweeper leave for each other.
const (
	// UploadLife is how long after Announce an upload may still create its
	// photo.
	UploadLife = 30 * time.Minute
	// removalLife is after what time a removal counts as abandoned.
	removalLife = time.Hour
	// staleLife is the same for the renditions of a photo that stays.
	staleLife = 5 * time.Minute
)

// Announce says that objects of a content are about to be put for a photo, so
// that nobody removes them before the photo is created, which must be within
// UploadLife. It fails with OBJECTS_UNAVAILABLE while objects of the same
// content are being removed.
func (s *Store) Announce(ctx context.Context, sha256 string, name photo.Name, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		removing, err := marked(tx, condemnedKey(sha256), now)
		if err != nil {
			return err
		}
		if removing {
			return beingRemoved()
		}
		if _, err := announced(tx, sha256, now); err != nil {
			return err
		}
		return mark(tx, uploadKey(sha256, name), now.Add(UploadLife))
	})
}

// announced reports whether a content is being uploaded, by any of those who
// announced it; it forgets those whose time is over.
func announced(tx kv.Tx, sha256 string, now time.Time) (bool, error) {
	const most = 32 // keys of one transaction; behind so many there may be others
	n := 0
	rows := kv.Prefix([]byte(uploadPrefix + sha256 + "/"))
	rows.Limit = most
	for entry, err := range tx.Scan(rows) {
		if err != nil {
			return false, err
		}
		if arriving, err := marked(tx, entry.Key, now); arriving || err != nil {
			return arriving, err
		}
		if err := tx.Delete(entry.Key); err != nil {
			return false, err
		}
		n++
	}
	return n == most, nil
}

// removable reports whether objects of a content may be removed for all that
// uploads and other removals say.
func removable(tx kv.Tx, sha256 string, now time.Time) (bool, error) {
	if arriving, err := announced(tx, sha256, now); arriving || err != nil {
		return false, err
	}
	removing, err := marked(tx, condemnedKey(sha256), now)
	return !removing, err
}

// Condemn marks the objects of a content for removal and reports whether the
// caller may remove them: when no photo has that content, none is being
// uploaded, and nobody else removes them. Then the caller calls [Store.Acquit]
// when they are gone.
func (s *Store) Condemn(ctx context.Context, sha256 string, now time.Time) (bool, error) {
	condemned := false
	err := s.update(ctx, func(tx kv.Tx) error {
		condemned = false
		one := kv.Prefix([]byte(shaPrefix + sha256 + "/"))
		one.Limit = 1
		for _, err := range tx.Scan(one) {
			return err // nil: a photo has it
		}
		if free, err := removable(tx, sha256, now); !free || err != nil {
			return err
		}
		condemned = true
		return mark(tx, condemnedKey(sha256), now.Add(removalLife))
	})
	return condemned, err
}

// mark writes until when a mark counts.
func mark(tx kv.Tx, key []byte, until time.Time) error {
	return tx.Put(key, binary.BigEndian.AppendUint64(nil, uint64(until.UnixMicro())))
}

// marked reports whether a mark counts at the given time.
func marked(r kv.Reader, key []byte, now time.Time) (bool, error) {
	data, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if len(data) != 8 {
		return false, kvrecord.UnexpectedKey(key)
	}
	return now.Before(time.UnixMicro(int64(binary.BigEndian.Uint64(data)))), nil //nolint:gosec // written from an int64
}

// Acquit ends what Condemn began.
func (s *Store) Acquit(ctx context.Context, sha256 string) error {
	return s.update(ctx, func(tx kv.Tx) error { return tx.Delete(condemnedKey(sha256)) })
}

// Generations returns the generations of renditions that count for photos with
// the given content, see RetiredLife. It reports false when there is no such
// photo.
func (s *Store) Generations(ctx context.Context, sha256 string, now time.Time) (kept []string, exists bool, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		kept, err = generationsOf(r, sha256, now)
		return err
	})
	return kept, len(kept) > 0, err
}

// CondemnStale marks the renditions of a content for removal, all but those of
// the generations it returns, and reports whether the caller may remove them.
// Until [Store.Acquit] is called no upload of that content and no work on its
// photos begins.
func (s *Store) CondemnStale(ctx context.Context, sha256 string, now time.Time) (kept []string, condemned bool, err error) {
	err = s.update(ctx, func(tx kv.Tx) error {
		condemned = false
		if free, err := removable(tx, sha256, now); !free || err != nil {
			return err
		}
		condemned = true
		return mark(tx, condemnedKey(sha256), now.Add(staleLife))
	})
	if err != nil || !condemned {
		return nil, false, err
	}
	// What is in work now is what its photo is to have, so it is kept.
	kept, _, err = s.Generations(ctx, sha256, now)
	return kept, err == nil && len(kept) > 0, err
}

// generationsOf returns the generations that count for photos with a content;
// each photo has some.
func generationsOf(r kv.Reader, sha256 string, now time.Time) (kept []string, err error) {
	for entry, err := range r.Scan(kv.Prefix([]byte(shaPrefix + sha256 + "/"))) {
		if err != nil {
			return nil, err
		}
		// s/{sha256}/{site}/{order}/{photo}
		parts := bytes.Split(entry.Key, []byte("/"))
		if len(parts) != 5 {
			return nil, kvrecord.UnexpectedKey(entry.Key)
		}
		name := photo.Name{Site: string(parts[2]), ID: string(parts[4])}
		p, err := getPhoto(r, name)
		if err != nil {
			return nil, err
		}
		more, err := generations(r, name, p, now)
		if err != nil {
			return nil, err
		}
		kept = append(kept, more...)
	}
	return kept, nil
}

// Secret returns the secret of that name: random bytes that are kept from
// the first call on and the same for all replicas. fresh is what is kept when
// there is none yet.
func (s *Store) Secret(ctx context.Context, name string, fresh []byte) ([]byte, error) {
	return kvrecord.Secret(ctx, s.kv, []byte(secretPrefix+name), fresh)
}
