// Package fault holds the errors of the suite: what went wrong in the terms of
// the contract, so that a store or a noun can fail without knowing the wire.
//
// An [Error] has a [Kind], which decides the gRPC code, and a reason of the
// contract, which clients branch on. Its message is for people and says what
// to do next. Errors that nobody branches on stay plain, wrapped with %w; at
// the edge they become INTERNAL and their chain goes to the log.
//
// The package does not translate errors to statuses; internal/rpc does.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Error is a failure that a caller can act on. Treat one that has been
// returned as read-only; the With methods give changed copies.
type Error struct {
	// Kind decides the status code.
	Kind Kind
	// Reason is what clients branch on.
	Reason faultv1.Reason
	// Field is the path of the request field at fault, in proto names, such as
	// "article.blocks[2].heading.level". Empty when no one field is.
	Field string
	// Message says what is wrong and what to do, in English, without secrets:
	// it is sent to the caller.
	Message string
	// Metadata are facts for programs, sent to the caller.
	Metadata map[string]string
	// Details are typed facts sent to the caller, such as an EditConflict.
	Details []proto.Message
	// Retry is how long to wait before trying again; zero means that trying
	// again unchanged does not help.
	Retry time.Duration
	// Err is the cause. It goes to the log, never to the caller.
	Err error
}

// Error returns the field, the message and the cause, for logs.
func (e *Error) Error() string {
	text := e.Message
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an Error that sets no field which e sets
// otherwise: errors.Is(err, &fault.Error{Reason: r}) asks for the reason only.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	if !ok || (t.Kind == KindInternal && t.Reason == 0 && t.Field == "") {
		return false
	}
	return (t.Kind == KindInternal || t.Kind == e.Kind) &&
		(t.Reason == 0 || t.Reason == e.Reason) &&
		(t.Field == "" || t.Field == e.Field)
}

// With returns a copy of e that also carries the fact key = value.
func (e *Error) With(key, value string) *Error {
	c := *e
	c.Metadata = maps.Clone(e.Metadata)
	if c.Metadata == nil {
		c.Metadata = make(map[string]string, 1)
	}
	c.Metadata[key] = value
	return &c
}

// WithDetail returns a copy of e that also carries the typed detail m.
func (e *Error) WithDetail(m proto.Message) *Error {
	c := *e
	c.Details = append(slices.Clip(e.Details), m)
	return &c
}

// RetryAfter returns a copy of e that tells the caller to wait for d.
func (e *Error) RetryAfter(d time.Duration) *Error {
	c := *e
	c.Retry = d
	return &c
}

// Caused returns a copy of e with err as the cause.
func (e *Error) Caused(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// Of returns the first Error in err's tree.
func Of(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// ReasonOf returns the reason of the first Error in err's tree, and
// REASON_UNSPECIFIED when there is none.
func ReasonOf(err error) faultv1.Reason {
	if e, ok := Of(err); ok {
		return e.Reason
	}
	return faultv1.Reason_REASON_UNSPECIFIED
}

// Has reports whether the first Error in err's tree has the reason.
func Has(err error, reason faultv1.Reason) bool {
	e, ok := Of(err)
	return ok && e.Reason == reason
}

func format(text string, args []any) string {
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}
