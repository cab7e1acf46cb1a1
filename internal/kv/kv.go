// Package kv is an ordered key-value store with serializable transactions and
// a change log that can be followed.
//
// Transactions are closures. View reads one consistent state; Update reads and
// writes, and its result is durable when it returns. A closure may run more
// than once, so it has no side effects besides what it does to its Tx: no
// network call, no counter, no channel. It does not call the store it runs on.
//
// Every committed write transaction has a Version. A transaction may Emit
// entries into the change log; Watch follows the log from any Version that is
// still kept. A copy of the store that follows it is made by reading Version
// first, then the entries, then watching after that version: what changed in
// between is seen twice, never missed.
//
// Keys are 1 to MaxKey bytes in byte order. One Update touches at most MaxKeys
// keys and MaxBytes bytes (see Meter), on every backend, so that no backend
// hides what another one refuses. A View has no such limit.
package kv

import (
	"context"
	"io"
	"iter"
)

// Limits of keys, transactions and change-log references.
const (
	MaxKey   = 1024    // bytes of a key or topic
	MaxRef   = 256     // bytes of a reference given to Emit
	MaxKeys  = 64      // distinct keys, topics and ranges one Update touches
	MaxBytes = 1 << 20 // keys and values one Update touches
)

// Version numbers committed write transactions. It grows by at least one with
// each of them; 0 is the version of a store that was never written.
type Version uint64

// Entry is one key with its value. Both are copies that the caller owns.
type Entry struct{ Key, Value []byte }

// Reader reads one consistent state of the store. It may be used only inside
// the closure it was given to and by one goroutine at a time; afterwards every
// method answers ErrTxDone.
type Reader interface {
	// Get returns a copy of the value of key, never nil, or ErrNotFound.
	Get(key []byte) ([]byte, error)
	// Scan walks the entries of r in its order. An error ends the walk and is
	// yielded once, with a zero Entry. Writes made while walking are not seen
	// by that walk.
	Scan(r Range) iter.Seq2[Entry, error]
}

// Tx is a Reader that sees its own writes, and writes. Arguments are copied.
// Once a method has answered ErrTooLarge the transaction cannot commit.
type Tx interface {
	Reader
	// Put sets the value of key, replacing an earlier one. A nil value is an
	// empty one.
	Put(key, value []byte) error
	// Delete removes key; that it was not there is no error.
	Delete(key []byte) error
	// Emit adds one entry to the change log, in this transaction. The topic is
	// an ordered key such as "article/{site}/{id}" that watchers select by
	// prefix; ref says briefly what happened (at most MaxRef bytes). A second
	// Emit of a topic in the same transaction replaces the first.
	Emit(topic, ref []byte) error
}

// Change is one entry of the change log.
type Change struct {
	Version    Version
	Topic, Ref []byte
}

// Batch is what a watcher is given at a time: changes ordered by version, then
// by topic. Everything up to and including Through under the watched prefix
// has been delivered, also when Changes is empty, so Through is the version to
// resume after.
type Batch struct {
	Changes []Change
	Through Version
}

// Store is an ordered key-value store. All methods may be called by any number
// of goroutines, end early with the error of their context, and answer
// ErrClosed after Close. Once stored data is found damaged, Update answers a
// *DamagedError for good; reads go on where they can.
type Store interface {
	// View runs fn on the newest committed state and returns its error. Writers
	// go on meanwhile, but old pages are kept until fn returns: be brief.
	View(ctx context.Context, fn func(Reader) error) error
	// Update runs fn and commits what it wrote, all or nothing, as if no other
	// transaction ran at the same time. It returns the version of the commit,
	// which is durable, or the error of fn, after which nothing was written. A
	// transaction that wrote nothing answers the version it saw. The context
	// counts until fn has returned; from there on the commit is waited for.
	Update(ctx context.Context, fn func(Tx) error) (Version, error)
	// Watch yields what was emitted under prefix after the given version, in
	// commit order, and never ends by itself: it stops with the context's
	// error, ErrExpired or ErrClosed. The first batch comes at once, and an
	// empty one every few seconds while nothing happens. A watcher reads the
	// log at its own pace; no writer waits for it.
	Watch(ctx context.Context, prefix []byte, after Version) iter.Seq2[Batch, error]
	// Version returns the version of the newest committed transaction, which is
	// never before what a View or a Watch has already shown.
	Version(ctx context.Context) (Version, error)
	// Snapshot writes a consistent copy, which can be opened as a store, to w.
	Snapshot(ctx context.Context, w io.Writer) error
	// Close waits for running transactions, so it must not be called inside
	// one, and releases the store. A second Close does nothing.
	Close() error
}

// Health is implemented by stores that can say whether they serve.
type Health interface {
	// Err returns nil while the store serves, else the error that Update would
	// answer.
	Err() error
}

// Compactor is implemented by stores whose files keep bytes of what was deleted
// or replaced.
type Compactor interface {
	// WantCompaction has those bytes removed when the store is opened next. It
	// is durable when it returns.
	WantCompaction(ctx context.Context) error
}
