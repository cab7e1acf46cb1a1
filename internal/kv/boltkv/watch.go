package boltkv

import (
	"bytes"
	"context"
	"encoding/binary"
	"iter"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Bounds of one read of the log; a version is never split, so a batch may be
// longer by what one transaction emits.
const (
	batchChanges = 256
	batchScanned = 4096
)

// Watch implements kv.Store.
func (s *Store) Watch(ctx context.Context, prefix []byte, after kv.Version) iter.Seq2[kv.Batch, error] {
	prefix = bytes.Clone(prefix)
	return func(yield func(kv.Batch, error) bool) {
		beat := time.NewTicker(s.opts.Heartbeat)
		defer beat.Stop()
		for due := true; ; {
			grown := s.wake.next() // taken before reading, so that nothing falls between
			batch, more, err := s.readLog(ctx, prefix, after)
			if err != nil {
				yield(kv.Batch{}, err)
				return
			}
			after = batch.Through
			if len(batch.Changes) > 0 || due && !more {
				if !yield(batch, nil) {
					return
				}
				due = false
			}
			if more {
				continue
			}
			select {
			case <-grown:
			case <-beat.C:
				due = true
			case <-ctx.Done():
				yield(kv.Batch{}, ctx.Err())
				return
			case <-s.quit:
				yield(kv.Batch{}, kv.ErrClosed)
				return
			}
		}
	}
}

// readLog reads one batch in a transaction of its own; more says that the log
// goes on after it.
func (s *Store) readLog(ctx context.Context, prefix []byte, after kv.Version) (batch kv.Batch, more bool, err error) {
	err = s.view(ctx, func(tx *bolt.Tx) error {
		return s.guard(func() (err error) {
			batch, more, err = readBatch(tx, prefix, after)
			return err
		})
	})
	return batch, more, err
}

func readBatch(tx *bolt.Tx, prefix []byte, after kv.Version) (batch kv.Batch, more bool, err error) {
	st, err := loadState(tx)
	if err != nil {
		return kv.Batch{}, false, err
	}
	// A version this store has not reached comes from another life of it, such
	// as the one before a copy was restored.
	if after < st.floor || after > st.version {
		return kv.Batch{}, false, kv.ErrExpired
	}
	batch.Through = after
	scanned := 0
	c := tx.Bucket(logBucket).Cursor()
	for k, v := c.Seek(logKey(after+1, nil)); k != nil; k, v = c.Next() {
		if len(k) < 8 || len(v) < 8 {
			return kv.Batch{}, false, errState
		}
		version, topic := kv.Version(binary.BigEndian.Uint64(k)), k[8:]
		if version != batch.Through && (len(batch.Changes) >= batchChanges || scanned >= batchScanned) {
			return batch, true, nil
		}
		batch.Through = version
		scanned++
		if bytes.HasPrefix(topic, prefix) {
			batch.Changes = append(batch.Changes, kv.Change{Version: version, Topic: bytes.Clone(topic), Ref: copied(v[8:])})
		}
	}
	batch.Through = st.version
	return batch, false, nil
}

// broadcast wakes everyone who waits, without knowing them. The zero value is
// ready to use.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

// next returns a channel that the next all closes.
func (b *broadcast) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) all() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
