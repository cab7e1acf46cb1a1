// Package overlay is the half of a write transaction that all backends of kv
// share: writes are buffered in front of a kv.Reader, reads see them, limits
// are kept, and nothing reaches the backend before the closure has succeeded.
package overlay

import (
	"bytes"
	"context"
	"slices"
	"sync/atomic"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// Write is one buffered write; of several to one key only the last is kept.
type Write struct {
	Key, Value []byte
	Deleted    bool
}

// Emission is one buffered change-log entry.
type Emission struct{ Topic, Ref []byte }

// Tx implements kv.Tx in front of a base that it only reads. The base returns
// copies. A Tx belongs to one goroutine; only End may come from another.
type Tx struct {
	ctx    context.Context //nolint:containedctx // lives as long as the call it came with
	base   kv.Reader
	meter  kv.Meter
	writes []Write    // ordered by key
	emits  []Emission // ordered by topic
	done   atomic.Bool
}

var _ kv.Tx = (*Tx)(nil)

// New returns an empty Tx. Its reads fail once ctx has ended.
func New(ctx context.Context, base kv.Reader) *Tx { return &Tx{ctx: ctx, base: base} }

// Run calls fn with the transaction and ends it, also if fn panics. Its error
// is that of fn, the first limit that was exceeded, or that of the context.
func (t *Tx) Run(fn func(kv.Tx) error) error {
	defer t.End()
	if err := fn(t); err != nil {
		return err
	}
	if err := t.meter.Err(); err != nil {
		return err
	}
	return t.ctx.Err()
}

// End makes every later use of the Tx answer kv.ErrTxDone.
func (t *Tx) End() { t.done.Store(true) }

// Writes returns what was written, ordered by key. The caller may keep it.
func (t *Tx) Writes() []Write { return t.writes }

// Emissions returns what was emitted, ordered by topic. The caller may keep it.
func (t *Tx) Emissions() []Emission { return t.emits }

// Put implements kv.Tx.
func (t *Tx) Put(key, value []byte) error {
	if err := t.check(key); err != nil {
		return err
	}
	if err := t.meter.Key(key, len(value)); err != nil {
		return err
	}
	t.set(Write{Key: bytes.Clone(key), Value: copied(value)})
	return nil
}

// Delete implements kv.Tx.
func (t *Tx) Delete(key []byte) error {
	if err := t.check(key); err != nil {
		return err
	}
	if err := t.meter.Key(key, 0); err != nil {
		return err
	}
	t.set(Write{Key: bytes.Clone(key), Deleted: true})
	return nil
}

// Emit implements kv.Tx.
func (t *Tx) Emit(topic, ref []byte) error {
	if err := t.check(topic); err != nil {
		return err
	}
	if err := t.meter.Topic(topic, len(ref)); err != nil {
		return err
	}
	e := Emission{Topic: bytes.Clone(topic), Ref: copied(ref)}
	i, found := slices.BinarySearchFunc(t.emits, topic, func(e Emission, topic []byte) int {
		return bytes.Compare(e.Topic, topic)
	})
	if found {
		t.emits[i] = e
	} else {
		t.emits = slices.Insert(t.emits, i, e)
	}
	return nil
}

func (t *Tx) check(key []byte) error {
	if t.done.Load() {
		return kv.ErrTxDone
	}
	if err := t.ctx.Err(); err != nil {
		return err
	}
	return kv.CheckKey(key)
}

func (t *Tx) find(key []byte) (int, bool) {
	return slices.BinarySearchFunc(t.writes, key, func(w Write, key []byte) int {
		return bytes.Compare(w.Key, key)
	})
}

func (t *Tx) set(w Write) {
	i, found := t.find(w.Key)
	if found {
		t.writes[i] = w
		return
	}
	t.writes = slices.Insert(t.writes, i, w)
}

// copied is bytes.Clone, but never nil.
func copied(b []byte) []byte { return append(make([]byte, 0, len(b)), b...) }
