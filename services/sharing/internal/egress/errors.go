package egress

import (
	"context"
	"errors"
	"net"
)

// Class is why a call had no answer.
type Class uint8

// The classes. The zero value is none of them.
const (
	// ClassForbidden: the name leads to an address that is not called, or the
	// address cannot be called at all.
	ClassForbidden Class = iota + 1
	// ClassName: the name leads nowhere, or the name server did not answer.
	ClassName
	// ClassConnect: nobody took the connection.
	ClassConnect
	// ClassTLS: the receiver cannot prove who it is, or speaks no TLS 1.2.
	ClassTLS
	// ClassTimeout: there was no whole header of an answer in time.
	ClassTimeout
	// ClassAnswer: what came was no answer in HTTP, or one too long.
	ClassAnswer
	// ClassCanceled: the caller gave up.
	ClassCanceled
)

// Error is a call without an answer.
type Error struct {
	Class Class
	Err   error
}

// Error returns the cause, for the operator's log.
func (e *Error) Error() string { return "calling a receiver: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// dialError says at which step there was no connection.
type dialError struct {
	class Class
	err   error
}

func (e *dialError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *dialError) Unwrap() error { return e.err }

func classify(ctx context.Context, err error) *Error {
	class := ClassAnswer
	_, forbidden := errors.AsType[*ForbiddenError](err)
	_, name := errors.AsType[*net.DNSError](err)
	netErr, timed := errors.AsType[net.Error](err)
	dial, dialing := errors.AsType[*dialError](err)
	switch {
	case forbidden:
		class = ClassForbidden
	case errors.Is(ctx.Err(), context.Canceled):
		class = ClassCanceled
	case name:
		class = ClassName
	case ctx.Err() != nil, timed && netErr.Timeout():
		class = ClassTimeout
	case dialing:
		class = dial.class
	}
	return &Error{Class: class, Err: err}
}
