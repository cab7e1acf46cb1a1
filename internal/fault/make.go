package fault

import (
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// New returns an Error of the kind that the contract states for the reason.
func New(reason faultv1.Reason, text string, args ...any) *Error {
	return &Error{Kind: KindFor(reason), Reason: reason, Message: format(text, args)}
}

// Wrap is New with a cause for the log. It returns an Error even when err is
// nil.
func Wrap(err error, reason faultv1.Reason, text string, args ...any) *Error {
	e := New(reason, text, args...)
	e.Err = err
	return e
}

// Invalid returns an Error about one field of the request.
func Invalid(field string, reason faultv1.Reason, text string, args ...any) *Error {
	e := New(reason, text, args...)
	e.Kind, e.Field = KindInvalid, field
	return e
}

// InvalidField is Invalid with the reason INVALID_FIELD.
func InvalidField(field, text string, args ...any) *Error {
	return Invalid(field, faultv1.Reason_REASON_INVALID_FIELD, text, args...)
}

// NotFound returns an Error saying that the caller sees no resource of this
// name. Use it alike for what is missing and for what is hidden.
func NotFound(name string) *Error {
	return New(faultv1.Reason_REASON_RESOURCE_NOT_FOUND,
		"%s was not found; check the name", name).With("resource", name)
}

// Exists returns an Error saying that the chosen resource name is taken.
func Exists(name string) *Error {
	return New(faultv1.Reason_REASON_RESOURCE_EXISTS,
		"%s exists already; choose another id", name).With("resource", name)
}

// State returns an Error with the reason WRONG_STATE for the resource.
func State(name, text string, args ...any) *Error {
	return New(faultv1.Reason_REASON_WRONG_STATE, text, args...).With("resource", name)
}

// EtagRequired returns the Error for a change that came without an etag.
func EtagRequired() *Error {
	return New(faultv1.Reason_REASON_ETAG_REQUIRED,
		"read the resource and send its etag, in the body or as If-Match")
}

// Conflict returns the EDIT_CONFLICT Error with its typed detail.
func Conflict(name string, detail *faultv1.EditConflict) *Error {
	return New(faultv1.Reason_REASON_EDIT_CONFLICT,
		"%s was changed by someone else in the same places; read it, merge and send again", name).
		With("resource", name).WithDetail(detail)
}

// Denied returns the Error for a caller without the permission.
func Denied(permission string) *Error {
	return New(faultv1.Reason_REASON_PERMISSION_DENIED,
		"this needs the permission %s; ask an administrator of the site for a role that has it",
		permission).With("permission", permission)
}

// Unavailable returns an Error for a part of the suite that is away.
func Unavailable(err error, reason faultv1.Reason, text string, args ...any) *Error {
	e := Wrap(err, reason, text, args...)
	e.Kind = KindUnavailable
	return e
}

// Internal returns an Error for a defect of ours: doing says, for the log,
// what was being done when err came up.
func Internal(err error, doing string) *Error {
	return Wrap(err, faultv1.Reason_REASON_INTERNAL, "%s", doing)
}
