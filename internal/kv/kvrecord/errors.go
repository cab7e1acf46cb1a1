package kvrecord

import (
	"errors"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// UnexpectedKey returns the STORE_DAMAGED for a key that nobody writes.
func UnexpectedKey(key []byte) error {
	return fault.New(faultv1.Reason_REASON_STORE_DAMAGED,
		"the store holds the unexpected key %.100q; the operator must restore it from a copy", key)
}

// Explain gives errors of kv that a caller can act on their reason:
// STORE_DAMAGED, STORE_UNAVAILABLE, WRITE_CONTENTION and RESUME_TOKEN_EXPIRED.
// Others, also those that have a reason already, stay as they are.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	if _, typed := fault.Of(err); typed {
		return err
	}
	if damaged, ok := errors.AsType[*kv.DamagedError](err); ok {
		return fault.Wrap(damaged, faultv1.Reason_REASON_STORE_DAMAGED,
			"the store is damaged; the operator must restore it from a copy")
	}
	switch {
	case errors.Is(err, kv.ErrNoSpace):
		return fault.Unavailable(err, faultv1.Reason_REASON_STORE_UNAVAILABLE,
			"the server has no disk space left; ask the operator to free some, reading still works")
	case errors.Is(err, kv.ErrClosed), errors.Is(err, kv.ErrStalled):
		return fault.Unavailable(err, faultv1.Reason_REASON_STORE_UNAVAILABLE,
			"the store cannot serve now; try again in a moment").RetryAfter(time.Second)
	case errors.Is(err, kv.ErrConflict):
		return fault.Wrap(err, faultv1.Reason_REASON_WRITE_CONTENTION,
			"other writers were faster, several times over; try again").RetryAfter(time.Second)
	case errors.Is(err, kv.ErrExpired):
		return fault.Wrap(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED,
			"the change log no longer reaches back to this token; watch without one for a fresh snapshot")
	}
	return err
}
