package kv

import (
	"fmt"
	"time"
)

// Options are common to all backends. The zero value is ready to use.
type Options struct {
	// Format is what this program reads and writes.
	Format Format
	// Timeout bounds the wait for another process to release the store before
	// a *LockedError; 0 means one second.
	Timeout time.Duration
	// Log says how much of the change log is kept.
	Log LogLimits
	// Heartbeat is the time between batches of an idle Watch; 0 means 2 s.
	Heartbeat time.Duration
	// Stall is how long one closure may keep others from beginning before they
	// answer ErrStalled; 0 means 10 s.
	Stall time.Duration
}

// LogLimits bound the change log. What exceeds any of them is trimmed, oldest
// first, a little with each commit. A zero field means the default.
type LogLimits struct {
	Age     time.Duration // default 14 days
	Entries int           // default 1 million
	Bytes   int64         // default 64 MiB of topics and references
}

// WithDefaults returns o with every zero field replaced by its default.
func (o Options) WithDefaults() Options {
	o.Timeout = orElse(o.Timeout, time.Second)
	o.Heartbeat = orElse(o.Heartbeat, 2*time.Second)
	o.Stall = orElse(o.Stall, 10*time.Second)
	o.Log.Age = orElse(o.Log.Age, 14*24*time.Hour)
	o.Log.Entries = orElse(o.Log.Entries, 1_000_000)
	o.Log.Bytes = orElse(o.Log.Bytes, 64<<20)
	return o
}

func orElse[T int | int64 | time.Duration](v, otherwise T) T {
	if v <= 0 {
		return otherwise
	}
	return v
}

// Format names the layout of what is stored in keys and values.
type Format struct {
	// Number grows by one with every layout that older programs cannot read.
	Number uint32
	// Suite is the version of the suite, kept in the store for messages.
	Suite string
	// Migrations lead from older numbers, one step each, in any order.
	Migrations []Migration
}

// Migration is the step from format From to From+1. It may run again from the
// beginning after a crash, always on a store of format From.
type Migration struct {
	From uint32
	Step func(Migrator) error
}

// Migrator reads and writes a store that is being migrated. Unlike a Tx it has
// no size limit: writes are committed in chunks to a copy that takes the
// store's place only when every step has succeeded. A Scan may be written
// under: it sees a write that lies ahead of it. Nothing is emitted; after a
// migration all watchers must take a fresh snapshot.
type Migrator interface {
	Reader
	Put(key, value []byte) error
	Delete(key []byte) error
}

// Opened reports what opening a store did.
type Opened struct {
	Path    string
	Created bool   // there was no store before
	From    uint32 // format found; equal to To unless migrated
	To      uint32
	Suite   string // version of the suite that wrote it last
	Backup  string // copy of the store before its migration, or ""
	// Compacted is what a compaction did that was asked for; CompactError is
	// why it could not be done. It is then tried again at the next opening.
	Compacted    Compacted
	CompactError error
}

// Compacted is the size of a store in bytes before and after its compaction; 0
// when there was none.
type Compacted struct{ Before, After int64 }

// Migrated reports whether the store was brought to a newer format.
func (o Opened) Migrated() bool { return o.From != o.To }

// String says in one line, for an operator, what was done.
func (o Opened) String() string {
	switch {
	case o.CompactError != nil:
		return o.opened() + "; it could not be compacted, so removed text is still in it: " + o.CompactError.Error()
	case o.Compacted.Before > 0:
		return fmt.Sprintf("%s; compacted it from %d to %d bytes", o.opened(), o.Compacted.Before, o.Compacted.After)
	}
	return o.opened()
}

func (o Opened) opened() string {
	switch {
	case o.Created:
		return fmt.Sprintf("created %s (format %d)", o.Path, o.To)
	case o.Migrated():
		return fmt.Sprintf("migrated %s from format %d to %d; the store as it was is kept in %s", o.Path, o.From, o.To, o.Backup)
	default:
		return fmt.Sprintf("opened %s (format %d)", o.Path, o.To)
	}
}
