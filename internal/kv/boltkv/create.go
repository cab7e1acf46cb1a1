package boltkv

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// createMissing makes an empty store at path if there is no file. It appears
// there complete or not at all, and never replaces one.
func createMissing(path string, format kv.Format) (created bool, err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(tmp.Name())) }()
	if err := tmp.Close(); err != nil {
		return false, err
	}
	if err := initialize(tmp.Name(), format); err != nil {
		return false, err
	}
	switch err := os.Link(tmp.Name(), path); {
	case errors.Is(err, fs.ErrExist):
		return false, nil // another process was faster
	case err != nil:
		return false, err
	}
	return true, syncDir(path)
}

func initialize(path string, format kv.Format) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{dataBucket, logBucket, metaBucket} {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		if err := (state{}).save(tx); err != nil {
			return err
		}
		return saveFormat(tx, format)
	})
	return errors.Join(err, db.Close())
}

func saveFormat(tx *bolt.Tx, format kv.Format) error {
	meta := tx.Bucket(metaBucket)
	if err := meta.Put(formatKey, binary.BigEndian.AppendUint32(nil, format.Number)); err != nil {
		return err
	}
	return meta.Put(suiteKey, []byte(format.Suite))
}

// format reads the format number and the version of the suite.
func (f *file) format() (number uint32, suite string, err error) {
	err = guard(f.path, func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			if _, err := loadState(tx); err != nil {
				return damaged(f.path, err)
			}
			meta := tx.Bucket(metaBucket)
			b := meta.Get(formatKey)
			if len(b) != 4 {
				return damaged(f.path, errState)
			}
			number, suite = binary.BigEndian.Uint32(b), string(meta.Get(suiteKey))
			return nil
		})
	})
	return number, suite, err
}

func (f *file) saveSuite(suite string) error {
	return guard(f.path, func() error {
		return f.db.Update(func(tx *bolt.Tx) error {
			return tx.Bucket(metaBucket).Put(suiteKey, []byte(suite))
		})
	})
}

// syncDir makes the directory entry of path durable.
func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
