package rpc

import (
	"errors"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// FromStatus returns what a call to a service of the suite failed with as a
// typed error, with err as the cause, so that a client branches on the reason.
// Statuses that no service of ours made, such as a lost connection, are typed
// by their code. It returns nil when err is nil.
func FromStatus(err error) *fault.Error {
	if err == nil {
		return nil
	}
	if e, ok := fault.Of(err); ok {
		return e
	}
	s := status.Convert(err)
	info := infoOf(s)
	number, known := faultv1.Reason_value[reasonPrefix+info.GetReason()]
	if info.GetDomain() != Domain || !known {
		return foreign(s, err)
	}
	reason := faultv1.Reason(number)
	e := &fault.Error{
		Kind: fault.KindFor(reason), Reason: reason, Message: s.Message(),
		Metadata: info.GetMetadata(), Err: err,
	}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo, *errdetails.RequestInfo, *errdetails.LocalizedMessage:
		case *errdetails.RetryInfo:
			e.Retry = d.GetRetryDelay().AsDuration()
		case *errdetails.BadRequest:
			addViolations(e, d.GetFieldViolations())
		case proto.Message:
			e.Details = append(e.Details, d)
		}
	}
	return e
}

// addViolations makes fault.Violations of e what they were at the server.
func addViolations(e *fault.Error, violations []*errdetails.BadRequest_FieldViolation) {
	if len(violations) == 1 {
		e.Field, e.Message = violations[0].GetField(), violations[0].GetDescription()
		return
	}
	causes := []error{e.Err}
	for _, v := range violations {
		reason := faultv1.Reason(faultv1.Reason_value[reasonPrefix+v.GetReason()])
		causes = append(causes, fault.Invalid(v.GetField(), reason, "%s", v.GetDescription()))
	}
	e.Err = errors.Join(causes...)
}

// foreign types a status by its code alone.
func foreign(s *status.Status, err error) *fault.Error {
	switch s.Code() {
	case codes.DeadlineExceeded:
		return outOfTime(err)
	case codes.Canceled:
		return canceled(err)
	case codes.Unavailable:
		return fault.Wrap(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"another part of the suite cannot be reached; try again").RetryAfter(retryUnavailable)
	case codes.ResourceExhausted:
		return fault.Wrap(err, faultv1.Reason_REASON_TOO_LARGE, "the message is larger than the limit")
	case codes.Unimplemented:
		return fault.Wrap(err, faultv1.Reason_REASON_UNIMPLEMENTED, "the service does not have this method; check its version")
	default:
		return internal(err)
	}
}

// infoOf returns the ErrorInfo of a status; nil when it has none.
func infoOf(s *status.Status) *errdetails.ErrorInfo {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info
		}
	}
	return nil
}
