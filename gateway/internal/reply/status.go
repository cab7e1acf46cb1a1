package reply

import (
	"context"
	"errors"
	"net/http"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	_ "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1" // registers CheckFailure, an error detail
)

// Status returns the status to send for err. A status that a service of the
// suite made is returned as it is; all else gets a reason, the request id and
// a text in the language of r.
func Status(r *http.Request, err error) *status.Status {
	if s, ok := ours(err); ok {
		return s
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		err = status.FromContextError(err).Err()
	}
	e := rpc.FromStatus(err)
	s := status.New(e.Kind.Code(), message(e))
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{
		Reason: rpc.ReasonName(e.Reason), Domain: rpc.Domain, Metadata: e.Metadata,
	}}
	local := localized(r, e)
	if e.Field != "" {
		details = append(details, &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{
			Field: e.Field, Description: e.Message, Reason: rpc.ReasonName(e.Reason), LocalizedMessage: local,
		}}})
	}
	if e.Retry > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(e.Retry)})
	}
	if local != nil {
		details = append(details, local)
	}
	if id := r.Header.Get(RequestIDHeader); id != "" {
		details = append(details, &errdetails.RequestInfo{RequestId: id})
	}
	if full, err := s.WithDetails(details...); err == nil {
		return full
	}
	return s
}

// ours returns the status in err if a service of the suite gave it a reason.
func ours(err error) (*status.Status, bool) {
	if _, ok := fault.Of(err); ok {
		return nil, false
	}
	s, ok := status.FromError(err)
	if !ok {
		return nil, false
	}
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok && info.GetDomain() == rpc.Domain {
			return s, true
		}
	}
	return nil, false
}

// message returns what e says to the caller; never a cause, nor what a defect
// was doing.
func message(e *fault.Error) string {
	switch {
	case e.Kind == fault.KindInternal:
		return "something went wrong here, not in your request; tell the operator the request id"
	case e.Field != "":
		return e.Field + ": " + e.Message
	}
	return e.Message
}

func localized(r *http.Request, e *fault.Error) *errdetails.LocalizedMessage {
	code := lang.Match(r.Header.Get("Accept-Language"), lang.Codes(), lang.Default().Code())
	l, ok := lang.For(code)
	if !ok {
		return nil
	}
	key := "fault." + rpc.ReasonName(e.Reason)
	text := l.Message(key, "field", e.Field)
	if text == key {
		return nil
	}
	return &errdetails.LocalizedMessage{Locale: code, Message: text}
}
