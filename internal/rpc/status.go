package rpc

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const reasonPrefix = "REASON_"

// translator turns what handlers return into statuses of the contract.
type translator struct{ messages Messages }

func (t *translator) unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	if err != nil {
		return nil, t.status(ctx, err)
	}
	return resp, nil
}

func (t *translator) stream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if err := handler(srv, stream); err != nil {
		return t.status(stream.Context(), err)
	}
	return nil
}

// status returns the status error for err and leaves the cause to the log.
func (t *translator) status(ctx context.Context, err error) error {
	e := classify(err)
	c := callFrom(ctx)
	if c != nil {
		c.cause = err
	}
	s := statusOf(e)
	s = t.localize(ctx, s, e)
	if c != nil {
		s = withDetails(s, &errdetails.RequestInfo{RequestId: c.requestID})
	}
	return s.Err()
}

// classify returns the typed error in err, or the one that stands for it.
func classify(err error) *fault.Error {
	if e, ok := fault.Of(err); ok {
		if e.Kind == fault.KindInternal {
			return internal(err)
		}
		return e
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return outOfTime(err)
	case errors.Is(err, context.Canceled):
		return canceled(err)
	}
	switch s, _ := status.FromError(err); s.Code() {
	case codes.DeadlineExceeded:
		return outOfTime(err)
	case codes.Canceled:
		return canceled(err)
	case codes.Unimplemented:
		return fault.Wrap(err, faultv1.Reason_REASON_UNIMPLEMENTED,
			"this server does not have this method yet; check its version")
	case codes.Unavailable:
		return fault.Wrap(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"another part of the suite cannot be reached; try again").RetryAfter(retryUnavailable)
	default:
		return internal(err)
	}
}

// internal hides a defect behind a fixed text.
func internal(err error) *fault.Error {
	return fault.Wrap(err, faultv1.Reason_REASON_INTERNAL,
		"something went wrong here, not in your request; tell the operator the request id")
}

func canceled(err error) *fault.Error {
	return fault.Wrap(err, faultv1.Reason_REASON_CANCELLED, "the call was canceled by the caller")
}

// statusOf returns the status of e without what depends on the call.
func statusOf(e *fault.Error) *status.Status {
	text := e.Message
	if e.Field != "" {
		text = e.Field + ": " + text
	}
	s := status.New(e.Kind.Code(), strings.ToValidUTF8(text, "\uFFFD"))
	s = withDetails(s, &errdetails.ErrorInfo{
		Reason: ReasonName(e.Reason), Domain: Domain, Metadata: e.Metadata,
	})
	if e.Retry > 0 {
		s = withDetails(s, &errdetails.RetryInfo{RetryDelay: durationpb.New(e.Retry)})
	}
	for _, detail := range e.Details {
		s = withDetails(s, protoadapt.MessageV1Of(detail))
	}
	return s
}

// withDetails adds a detail; one that cannot be encoded is left out, since the
// rest of the status still helps.
func withDetails(s *status.Status, detail protoadapt.MessageV1) *status.Status {
	if more, err := s.WithDetails(detail); err == nil {
		return more
	}
	return s
}

// ReasonName returns the name that travels in ErrorInfo, such as
// "EDIT_CONFLICT".
func ReasonName(reason faultv1.Reason) string {
	if reason == faultv1.Reason_REASON_UNSPECIFIED {
		reason = faultv1.Reason_REASON_INTERNAL
	}
	return strings.TrimPrefix(reason.String(), reasonPrefix)
}
