package boltkv

import (
	"bytes"
	"context"
	"iter"
	"sync/atomic"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// reader implements kv.Reader on the data bucket of one bbolt transaction.
// What it returns is copied while the transaction is open.
type reader struct {
	store *Store
	ctx   context.Context //nolint:containedctx // lives as long as the call it came with
	tx    *bolt.Tx
	data  *bolt.Bucket // opened when it is first read
	done  atomic.Bool
}

var _ kv.Copier = (*reader)(nil)

func (r *reader) check() error {
	if r.done.Load() {
		return kv.ErrTxDone
	}
	return r.ctx.Err()
}

// bucket returns the data bucket; call it inside a guard.
func (r *reader) bucket() (*bolt.Bucket, error) {
	if r.data == nil {
		if r.data = r.tx.Bucket(dataBucket); r.data == nil {
			return nil, errState
		}
	}
	return r.data, nil
}

// Get implements kv.Reader.
func (r *reader) Get(key []byte) (value []byte, err error) {
	err = r.Copy(key, func(size int) []byte {
		value = make([]byte, size)
		return value
	})
	return value, err
}

// Copy implements kv.Copier.
func (r *reader) Copy(key []byte, room func(size int) []byte) error {
	if err := r.check(); err != nil {
		return err
	}
	if err := kv.CheckKey(key); err != nil {
		return err
	}
	return r.store.guard(func() error {
		data, err := r.bucket()
		if err != nil {
			return err
		}
		stored := data.Get(key)
		if stored == nil {
			return kv.ErrNotFound
		}
		copy(room(len(stored)), stored)
		return nil
	})
}

// Scan implements kv.Reader.
func (r *reader) Scan(rng kv.Range) iter.Seq2[kv.Entry, error] {
	return func(yield func(kv.Entry, error) bool) {
		var c *bolt.Cursor
		var e kv.Entry
		for n := 0; rng.Limit <= 0 || n < rng.Limit; n++ {
			found := false
			err := r.check()
			if err == nil {
				err = r.store.guard(func() error {
					data, err := r.bucket()
					if err != nil {
						return err
					}
					if c == nil {
						c = data.Cursor()
					}
					e, found = step(c, rng, e.Key)
					return nil
				})
			}
			if err != nil {
				yield(kv.Entry{}, err)
				return
			}
			if !found || !yield(e, nil) {
				return
			}
		}
	}
}

// step moves c to the first entry of r, or to the next one after the key that it
// stands at, and copies it.
func step(c *bolt.Cursor, r kv.Range, at []byte) (kv.Entry, bool) {
	var k, v []byte
	switch {
	case at != nil && r.Reverse:
		k, v = previous(c, at)
	case at != nil:
		k, v = c.Next()
	case !r.Reverse && len(r.Start) == 0:
		k, v = c.First()
	case !r.Reverse:
		k, v = c.Seek(r.Start)
	default:
		k, v = last(c, r.End)
	}
	if k == nil || !r.Contains(k) {
		return kv.Entry{}, false
	}
	return kv.Entry{Key: bytes.Clone(k), Value: copied(v)}, true
}

// last moves c to the last key before end, or to the last of all.
func last(c *bolt.Cursor, end []byte) (key, value []byte) {
	if len(end) == 0 {
		return c.Last()
	}
	at, _ := c.Seek(end)
	if at == nil {
		return c.Last()
	}
	return previous(c, bytes.Clone(at))
}

// previous moves c back from the key that it stands at. The cursor of bbolt stops
// with nothing on a page whose keys were all deleted in the same transaction, as
// it does before the first key; then there is more to find.
func previous(c *bolt.Cursor, at []byte) (key, value []byte) {
	if key, value = c.Prev(); key != nil {
		return key, value
	}
	first, _ := c.Bucket().Cursor().First()
	for key == nil && bytes.Compare(first, at) < 0 {
		key, value = c.Prev()
	}
	return key, value
}

// copied is bytes.Clone, but never nil.
func copied(b []byte) []byte { return append(make([]byte, 0, len(b)), b...) }
