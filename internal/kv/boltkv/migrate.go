package boltkv

import (
	"errors"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// migrate brings the store f, which stays locked and unchanged, to format. It
// keeps a copy aside, runs the steps on another copy, and puts that in place of
// f when all have succeeded: a crash before leaves the old store, one after
// the new one. It returns the path of the copy.
func migrate(f *file, found uint32, suite string, format kv.Format) (backup string, err error) {
	steps, ok := plan(found, format)
	if !ok {
		return "", &kv.FormatError{Path: f.path, Found: found, Supported: format.Number, Suite: suite}
	}
	backup = fmt.Sprintf("%s.format-%d.bak", f.path, found)
	if err := f.copyTo(backup); err != nil {
		return "", fmt.Errorf("kv: copy %s aside before its migration: %w", f.path, err)
	}
	work := f.path + ".migrating"
	defer func() {
		if rm := os.Remove(work); rm != nil && !os.IsNotExist(rm) {
			err = errors.Join(err, rm)
		}
	}()
	if err := f.copyTo(work); err != nil {
		return "", fmt.Errorf("kv: copy %s for its migration: %w", f.path, err)
	}
	if err := runSteps(work, steps, format); err != nil {
		return "", fmt.Errorf("kv: migrate %s from format %d to %d (it is unchanged): %w", f.path, found, format.Number, err)
	}
	if err := os.Rename(work, f.path); err != nil {
		return "", fmt.Errorf("kv: put the migrated store in place: %w", err)
	}
	return backup, syncDir(f.path)
}

// plan orders the steps from found to the format's number; ok is false if the
// store is newer or a step is missing.
func plan(found uint32, format kv.Format) (steps []kv.Migration, ok bool) {
	byFrom := make(map[uint32]kv.Migration, len(format.Migrations))
	for _, m := range format.Migrations {
		byFrom[m.From] = m
	}
	for n := found; n < format.Number; n++ {
		m, known := byFrom[n]
		if !known {
			return nil, false
		}
		steps = append(steps, m)
	}
	return steps, found <= format.Number
}

// copyTo writes a synced copy of f to path, replacing what is there at once.
func (f *file) copyTo(path string) (err error) {
	tmp := path + ".tmp"
	out, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = f.db.View(func(tx *bolt.Tx) error {
		_, err := tx.WriteTo(out)
		return err
	})
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return syncDir(path)
}

// runSteps migrates the copy at path. It is not synced before the end, for
// nobody uses it before.
func runSteps(path string, steps []kv.Migration, format kv.Format) (err error) {
	var db *bolt.DB
	err = guard(path, func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType, NoSync: true})
		return err
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, step := range steps {
		if err := runStep(db, path, step); err != nil {
			return fmt.Errorf("step from format %d: %w", step.From, err)
		}
	}
	err = guard(path, func() error {
		return db.Update(func(tx *bolt.Tx) error { return finishMigration(tx, format) })
	})
	if err != nil {
		return err
	}
	return db.Sync()
}

// finishMigration records the new format and empties the change log: what was
// rewritten was not emitted, so every watcher must start afresh.
func finishMigration(tx *bolt.Tx, format kv.Format) error {
	st, err := loadState(tx)
	if err != nil {
		return err
	}
	st.version++
	st.floor, st.entries, st.bytes = st.version, 0, 0
	if err := tx.DeleteBucket(logBucket); err != nil {
		return err
	}
	if _, err := tx.CreateBucket(logBucket); err != nil {
		return err
	}
	if err := st.save(tx); err != nil {
		return err
	}
	return saveFormat(tx, format)
}
