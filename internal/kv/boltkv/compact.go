package boltkv

import (
	"context"
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// compactBytes is about how much one transaction of a compaction copies.
const compactBytes = 8 << 20

// WantCompaction implements kv.Compactor. The next Open copies what is stored
// into a fresh file and puts that in the old one's place: bytes of what was
// deleted or replaced are in no page of it.
func (s *Store) WantCompaction(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := s.Err(); err != nil {
		return err
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.views.Done()
	tx, err := s.begin(true)
	if err != nil {
		return err
	}
	err = s.guard(func() error {
		if err := tx.Bucket(metaBucket).Put(compactKey, []byte{1}); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	})
	if err != nil {
		return s.commitFailed(err)
	}
	return nil
}

// wantsCompaction reports whether WantCompaction was called since the last
// compaction.
func (f *file) wantsCompaction() (wanted bool, err error) {
	err = guard(f.path, func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			wanted = tx.Bucket(metaBucket).Get(compactKey) != nil
			return nil
		})
	})
	return wanted, err
}

// compact puts a copy without free pages in the place of f, which stays locked
// and unchanged: a crash before that leaves the old file, one after the new
// one. It returns the sizes of both.
func compact(f *file) (sizes kv.Compacted, err error) {
	work := f.path + ".compacting"
	if err := os.Remove(work); err != nil && !os.IsNotExist(err) {
		return sizes, fmt.Errorf("kv: remove what an earlier compaction left: %w", err)
	}
	defer func() {
		if rm := os.Remove(work); rm != nil && !os.IsNotExist(rm) {
			err = errors.Join(err, rm)
		}
	}()
	if err := copyLive(f, work); err != nil {
		return sizes, fmt.Errorf("kv: compact %s (it is unchanged): %w", f.path, err)
	}
	if sizes, err = sizesOf(f.path, work); err != nil {
		return sizes, err
	}
	if err := os.Rename(work, f.path); err != nil {
		return sizes, fmt.Errorf("kv: put the compacted store in place: %w", err)
	}
	return sizes, syncDir(f.path)
}

// copyLive writes what f holds to a fresh file at path, synced.
func copyLive(f *file, path string) (err error) {
	var db *bolt.DB
	err = guard(path, func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, NoSync: true})
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return guard(f.path, func() error {
		if err := bolt.Compact(db, f.db, compactBytes); err != nil {
			return err
		}
		err := db.Update(func(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Delete(compactKey) })
		if err != nil {
			return err
		}
		return db.Sync()
	})
}

func sizesOf(before, after string) (sizes kv.Compacted, err error) {
	old, err := os.Stat(before)
	if err != nil {
		return sizes, err
	}
	fresh, err := os.Stat(after)
	if err != nil {
		return sizes, err
	}
	return kv.Compacted{Before: old.Size(), After: fresh.Size()}, nil
}
