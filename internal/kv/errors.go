package kv

import (
	"errors"
	"fmt"
)

// Errors that callers branch on, with errors.Is.
var (
	// ErrNotFound is the answer of Get for a key that is not there.
	ErrNotFound = errors.New("kv: not found")
	// ErrTooLarge means that a limit was exceeded; see LimitError for which.
	ErrTooLarge = errors.New("kv: too large")
	// ErrKey refuses a key or topic that is empty or longer than MaxKey.
	ErrKey = errors.New("kv: key must be 1 to 1024 bytes")
	// ErrTxDone means that a Reader or Tx was used after its closure ended.
	ErrTxDone = errors.New("kv: transaction is done; use it only inside its closure")
	// ErrClosed means that the store was closed.
	ErrClosed = errors.New("kv: store is closed")
	// ErrExpired means that the change log does not reach back to the version.
	ErrExpired = errors.New("kv: version is no longer in the change log; take a fresh snapshot and watch from its version")
	// ErrConflict means that a transaction kept losing races and was given up;
	// nothing was written and a retry may succeed.
	ErrConflict = errors.New("kv: too many conflicting transactions; try again")
	// ErrStalled means that another transaction's closure did not end for so
	// long that this one was not begun, most likely because it was started
	// inside that closure.
	ErrStalled = errors.New("kv: an earlier transaction does not end; never call Update inside a transaction")
	// ErrNoSpace means that the disk or quota is full. Nothing was written;
	// reads go on, and writes too as soon as there is space.
	ErrNoSpace = errors.New("kv: no space left; free some and try again")
)

// LimitError says which limit was exceeded. errors.Is(err, ErrTooLarge) holds.
type LimitError struct {
	What  string // what was counted, such as "keys touched by one transaction"
	Size  int
	Limit int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("kv: %s: %d, the limit is %d; split the work into several transactions", e.What, e.Size, e.Limit)
}

// Unwrap returns ErrTooLarge.
func (e *LimitError) Unwrap() error { return ErrTooLarge }

// LockedError means that another process has the store open.
type LockedError struct{ Path string }

func (e *LockedError) Error() string {
	return fmt.Sprintf("kv: %s is in use by another process; stop that one first, or give this one its own data directory", e.Path)
}

// DamagedError means that the stored data cannot be trusted. The file is left
// as it is and nothing more is written to it.
type DamagedError struct {
	Path string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("kv: %s is damaged (%v); stop, keep the file, check the disk, and restore the newest copy", e.Path, e.Err)
}

// Unwrap returns what was found.
func (e *DamagedError) Unwrap() error { return e.Err }

// FormatError means that this program cannot read the format of a store.
type FormatError struct {
	Path      string
	Found     uint32 // format number of the store
	Supported uint32 // newest format number this program knows
	Suite     string // version of the suite that wrote the store, if known
}

func (e *FormatError) Error() string {
	if e.Found < e.Supported {
		return fmt.Sprintf("kv: %s has format %d and there is no step from it to format %d; start a version in between first", e.Path, e.Found, e.Supported)
	}
	by := "a newer version"
	if e.Suite != "" {
		by += " (" + e.Suite + ")"
	}
	return fmt.Sprintf("kv: %s was written by %s: format %d, this one knows %d; install that version or newer, or restore the copy %s.format-%d.bak",
		e.Path, by, e.Found, e.Supported, e.Path, e.Supported)
}
