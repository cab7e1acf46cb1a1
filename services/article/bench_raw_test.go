package article_test

import (
	"context"
	"encoding/binary"
	"path/filepath"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// written is what one transaction stored.
type written struct{ keys, values, topics, refs [][]byte }

// recorder remembers what transactions that write store, so that the same can be
// stored without us.
type recorder struct {
	*boltkv.Store

	mu   sync.Mutex
	kept []written
}

// Update implements kv.Store.
func (r *recorder) Update(ctx context.Context, fn func(kv.Tx) error) (kv.Version, error) {
	var w written
	version, err := r.Store.Update(ctx, func(tx kv.Tx) error {
		w = written{}
		return fn(&recordingTx{Tx: tx, written: &w})
	})
	if err == nil && len(w.keys) > 0 {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.kept = append(r.kept, w)
	}
	return version, err
}

// take returns what was stored since the last take.
func (r *recorder) take() []written {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := r.kept
	r.kept = nil
	return kept
}

// recordingTx keeps the memory that callers write from, which ours never
// change afterwards.
type recordingTx struct {
	kv.Tx
	*written
}

// Put implements kv.Tx.
func (t *recordingTx) Put(key, value []byte) error {
	t.keys, t.values = append(t.keys, key), append(t.values, value)
	return t.Tx.Put(key, value)
}

// Emit implements kv.Tx.
func (t *recordingTx) Emit(topic, ref []byte) error {
	t.topics, t.refs = append(t.topics, topic), append(t.refs, ref)
	return t.Tx.Emit(topic, ref)
}

// raw is a bare bbolt file that stores what was recorded, each transaction in a
// commit shared with whoever else is writing.
type raw struct {
	b    *testing.B
	db   *bolt.DB
	mu   sync.Mutex
	next []written
}

// openRaw opens a file with bbolt's own bounds of a shared commit, or with
// those that tune sets.
func openRaw(b *testing.B, tune func(*bolt.DB)) *raw {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, nil)
	must(b, db, err)
	b.Cleanup(func() { _ = db.Close() })
	tune(db)
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range []string{"data", "log"} {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return nil
	})
	must(b, db, err)
	return &raw{b: b, db: db}
}

// step stores the next recorded transaction.
func (r *raw) step() {
	r.mu.Lock()
	if len(r.next) == 0 {
		r.mu.Unlock()
		r.b.Error("nothing left to store: fewer transactions were recorded than creates were asked for")
		return
	}
	w := r.next[0]
	r.next = r.next[1:]
	r.mu.Unlock()
	if err := r.db.Batch(w.store); err != nil {
		r.b.Error(err)
	}
}

func (w written) store(tx *bolt.Tx) error {
	data, log := tx.Bucket([]byte("data")), tx.Bucket([]byte("log"))
	for i, key := range w.keys {
		if err := data.Put(key, w.values[i]); err != nil {
			return err
		}
	}
	for i, topic := range w.topics {
		n, err := log.NextSequence()
		if err != nil {
			return err
		}
		if err := log.Put(append(binary.BigEndian.AppendUint64(nil, n), topic...), w.refs[i]); err != nil {
			return err
		}
	}
	return nil
}
