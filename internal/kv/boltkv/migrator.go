package boltkv

import (
	"bytes"
	"errors"
	"iter"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Bounds of one chunk of a migration, written or read.
const (
	chunkWrites = 4096
	chunkBytes  = 8 << 20
	chunkReads  = 256
)

// migrator implements kv.Migrator on an unsynced copy, in chunks.
type migrator struct {
	db     *bolt.DB
	path   string
	tx     *bolt.Tx
	writes int
	bytes  int
	done   bool
}

func runStep(db *bolt.DB, path string, step kv.Migration) (err error) {
	m := &migrator{db: db, path: path}
	defer func() {
		m.done = true
		if m.tx != nil {
			err = errors.Join(err, guard(path, m.tx.Rollback))
		}
	}()
	if err := m.begin(); err != nil {
		return err
	}
	if err := step.Step(m); err != nil {
		return err
	}
	return m.commit()
}

func (m *migrator) begin() error {
	return guard(m.path, func() (err error) {
		m.tx, err = m.db.Begin(true)
		return err
	})
}

func (m *migrator) commit() error {
	err := guard(m.path, m.tx.Commit)
	if _, panicked := errors.AsType[*kv.DamagedError](err); !panicked {
		m.tx = nil
	}
	return err
}

// Get implements kv.Reader.
func (m *migrator) Get(key []byte) (value []byte, err error) {
	if err := m.check(key); err != nil {
		return nil, err
	}
	err = guard(m.path, func() error {
		stored := m.tx.Bucket(dataBucket).Get(key)
		if stored == nil {
			return kv.ErrNotFound
		}
		value = copied(stored)
		return nil
	})
	return value, err
}

// Put implements kv.Migrator.
func (m *migrator) Put(key, value []byte) error {
	return m.write(key, len(value), func(data *bolt.Bucket) error {
		return data.Put(key, copied(value))
	})
}

// Delete implements kv.Migrator.
func (m *migrator) Delete(key []byte) error {
	return m.write(key, 0, func(data *bolt.Bucket) error { return data.Delete(key) })
}

func (m *migrator) write(key []byte, size int, change func(data *bolt.Bucket) error) error {
	if err := m.check(key); err != nil {
		return err
	}
	if m.writes >= chunkWrites || m.bytes >= chunkBytes {
		if err := m.commit(); err != nil {
			return err
		}
		if err := m.begin(); err != nil {
			return err
		}
		m.writes, m.bytes = 0, 0
	}
	m.writes++
	m.bytes += len(key) + size
	return guard(m.path, func() error { return change(m.tx.Bucket(dataBucket)) })
}

func (m *migrator) check(key []byte) error {
	if m.done || m.tx == nil {
		return kv.ErrTxDone
	}
	return kv.CheckKey(key)
}

// Scan implements kv.Reader. It reads ahead one chunk at a time and seeks anew
// after it, because a cursor does not survive writes.
func (m *migrator) Scan(r kv.Range) iter.Seq2[kv.Entry, error] {
	return func(yield func(kv.Entry, error) bool) {
		left := r.Limit
		for {
			chunk, err := m.read(r)
			if err != nil {
				yield(kv.Entry{}, err)
				return
			}
			for _, e := range chunk {
				if !yield(e, nil) || left == 1 {
					return
				}
				left--
			}
			if len(chunk) == 0 {
				return
			}
			next := chunk[len(chunk)-1].Key
			if r.Reverse {
				r.End = next
			} else {
				r.Start = append(bytes.Clone(next), 0)
			}
		}
	}
}

func (m *migrator) read(r kv.Range) (chunk []kv.Entry, err error) {
	if m.done || m.tx == nil {
		return nil, kv.ErrTxDone
	}
	err = guard(m.path, func() error {
		c := m.tx.Bucket(dataBucket).Cursor()
		size := 0
		var at []byte
		for len(chunk) < chunkReads && size < chunkBytes {
			e, found := step(c, r, at)
			if !found {
				break
			}
			at = e.Key
			size += len(e.Value)
			chunk = append(chunk, e)
		}
		return nil
	})
	return chunk, err
}
