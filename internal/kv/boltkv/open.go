package boltkv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// mapSize is the least address space reserved for a file, and twice its size
// is for a large one. bbolt must stop all readers to enlarge it, so it is
// generous; it costs no memory.
const mapSize = 4 << 30

// Open opens the store in the file at path, creating it if there is none, and
// migrates it if its format is older than o.Format, and compacts it if that was
// asked for. The directory must exist.
// Errors are *kv.LockedError, *kv.DamagedError (not a store, truncated, or a
// header that does not add up; an empty file is one too), *kv.FormatError, and
// those of the file system.
func Open(path string, o Options) (*Store, error) {
	o = o.WithDefaults()
	created, err := createMissing(path, o.Format)
	if err != nil {
		return nil, fmt.Errorf("kv: create %s: %w", path, err)
	}
	f, err := openFile(path, o.Timeout)
	if err != nil {
		return nil, err
	}
	opened := kv.Opened{Path: path, Created: created, To: o.Format.Number}
	if opened.From, opened.Suite, err = f.format(); err != nil {
		return nil, errors.Join(err, f.close())
	}
	if opened.From != opened.To {
		if opened.Backup, err = migrate(f, opened.From, opened.Suite, o.Format); err != nil {
			return nil, errors.Join(err, f.close())
		}
		if err := f.close(); err != nil {
			return nil, fmt.Errorf("kv: close %s: %w", path, err)
		}
		if f, err = openFile(path, o.Timeout); err != nil {
			return nil, err
		}
	}
	if f, err = compactIfWanted(f, o.Timeout, &opened); err != nil {
		return nil, err
	}
	s, err := start(f, o, opened)
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	return s, nil
}

// compactIfWanted returns f, or its successor. That a compaction fails, for want
// of room above all, does not keep the store from opening.
func compactIfWanted(f *file, timeout time.Duration, opened *kv.Opened) (*file, error) {
	wanted, err := f.wantsCompaction()
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	if !wanted {
		return f, nil
	}
	if opened.Compacted, err = compact(f); err != nil {
		opened.CompactError = err
		return f, nil //nolint:nilerr // the caller is told, and the store is whole
	}
	if err := f.close(); err != nil {
		return nil, fmt.Errorf("kv: close %s: %w", f.path, err)
	}
	return openFile(f.path, timeout)
}

// start reads what the committer must know and starts it.
func start(f *file, o Options, opened kv.Opened) (*Store, error) {
	s := &Store{
		db: f.db, file: f.file, path: f.path, opts: o, opened: opened,
		queue: make(chan *member), quit: make(chan struct{}), stopped: make(chan struct{}),
	}
	if opened.Suite != o.Format.Suite && !opened.Migrated() {
		if err := f.saveSuite(o.Format.Suite); err != nil {
			return nil, err
		}
	}
	err := guard(f.path, func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			if _, err := loadState(tx); err != nil {
				return damaged(f.path, err)
			}
			if _, v := tx.Bucket(logBucket).Cursor().First(); len(v) >= 8 {
				s.oldest = binary.BigEndian.Uint64(v)
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	go s.commitLoop()
	return s, nil
}

// file is an open and locked bbolt file that passed inspection.
type file struct {
	path string
	db   *bolt.DB
	file *os.File // the descriptor of db
}

func (f *file) close() error { return f.db.Close() }

func openFile(path string, timeout time.Duration) (*file, error) {
	f, err := openBolt(path, timeout, reserve(path))
	if errors.Is(err, syscall.ENOMEM) {
		f, err = openBolt(path, timeout, 0)
	}
	if err != nil {
		return nil, openError(path, err)
	}
	// Whoever migrated the store put another file in the place of the one whose
	// lock was waited for.
	here, err := os.Stat(path)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("kv: open: %w", err), f.close())
	}
	if mine, err := f.file.Stat(); err != nil || !os.SameFile(here, mine) {
		return nil, errors.Join(&kv.LockedError{Path: path}, f.close())
	}
	if err := inspect(f.file, f.db.Info().PageSize); err != nil {
		return nil, errors.Join(damaged(path, err), f.close())
	}
	return f, nil
}

// errEmpty keeps bbolt from making a fresh store of a file that lost its
// contents.
var errEmpty = errors.New("the file is empty")

func openBolt(path string, timeout time.Duration, reserved int) (*file, error) {
	f := &file{path: path}
	open := func(name string, flag int, mode os.FileMode) (*os.File, error) {
		var err error
		if f.file, err = os.OpenFile(name, flag&^os.O_CREATE, mode); err != nil {
			return nil, err
		}
		if info, err := f.file.Stat(); err != nil || info.Size() == 0 {
			return nil, errors.Join(errEmpty, err, f.file.Close())
		}
		return f.file, nil
	}
	err := guard(path, func() (err error) {
		f.db, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout: timeout, FreelistType: bolt.FreelistMapType, InitialMmapSize: reserved, OpenFile: open,
		})
		return err
	})
	if _, ok := errors.AsType[*kv.DamagedError](err); ok && f.file != nil {
		// A panic of bbolt left the file open and locked.
		return nil, errors.Join(err, release(f.file))
	}
	return f, err
}

func openError(path string, err error) error {
	if _, ok := errors.AsType[*kv.DamagedError](err); ok {
		return err
	}
	if errors.Is(err, berrors.ErrTimeout) {
		return &kv.LockedError{Path: path}
	}
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("kv: open: %w", err)
	}
	if _, ok := errors.AsType[syscall.Errno](err); ok {
		return fmt.Errorf("kv: open %s: %w", path, err)
	}
	return damaged(path, err)
}

// reserve returns how much to map of the file at path, where mapping more than
// the file holds is free.
func reserve(path string) int {
	if strconv.IntSize < 64 || runtime.GOOS == "windows" {
		return 0
	}
	info, err := os.Stat(path)
	if err != nil {
		return mapSize // opening it will tell
	}
	return int(max(mapSize, 2*info.Size()))
}
