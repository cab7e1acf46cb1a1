package fault

import (
	"errors"
	"fmt"

	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Join makes one error of several, leaving out nils. Several invalid fields
// become one Error whose [Violations] are all of them, so that a person mends
// a form in one go; it has their common reason, or INVALID_FIELD when they
// differ. Any other error among them is more pressing: the first one is
// returned alone. The result is nil when all are nil.
func Join(errs ...error) error {
	var fields []*Error
	for _, err := range errs {
		if err == nil {
			continue
		}
		found := Violations(err)
		if len(found) == 0 {
			return err
		}
		fields = append(fields, found...)
	}
	switch len(fields) {
	case 0:
		return nil
	case 1:
		return fields[0]
	}
	return joined(fields)
}

// Violations returns the Errors about single fields in err: one, the several
// that Join put together, or none when err is of another kind.
func Violations(err error) []*Error {
	e, ok := Of(err)
	if !ok || e.Kind != KindInvalid {
		return nil
	}
	if e.Field != "" {
		return []*Error{e}
	}
	several, ok := e.Err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var fields []*Error
	for _, sub := range several.Unwrap() {
		fields = append(fields, Violations(sub)...)
	}
	return fields
}

func joined(fields []*Error) *Error {
	reason := fields[0].Reason
	causes := make([]error, len(fields))
	for i, f := range fields {
		causes[i] = f
		if f.Reason != reason {
			reason = faultv1.Reason_REASON_INVALID_FIELD
		}
	}
	return &Error{
		Kind:    KindInvalid,
		Reason:  reason,
		Message: fmt.Sprintf("%d fields are not valid; mend each one that is named", len(fields)),
		Err:     errors.Join(causes...),
	}
}
