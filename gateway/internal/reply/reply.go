// Package reply answers HTTP requests that failed, alike for REST, files,
// uploads and everything else that speaks JSON: a google.rpc.Status in JSON
// with the reason of the contract, and the HTTP status that goes with it.
//
// Pages for people are not its business; the package site paints its own.
package reply

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// RequestIDHeader names a request in logs; it is in every response.
const RequestIDHeader = "X-Request-Id"

// retryUnavailable is what Retry-After says when the failing part did not.
const retryUnavailable = 2 * time.Second

// Error answers r with err: a status of a service, sent on as it is, a
// *fault.Error, or any other error, which becomes INTERNAL without a word
// about its cause. Headers that were set for a success, such as ETag, are
// taken back. Nothing may have been written before.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	s := Status(r, err)
	Send(w, s, Code(s, r.Header.Get("If-Match") != ""))
}

// Send answers with s under an HTTP status that the caller chose; see Error.
func Send(w http.ResponseWriter, s *status.Status, code int) {
	h := w.Header()
	for _, name := range []string{"Etag", "Content-Length", "Content-Disposition", "Trailer", "Transfer-Encoding"} {
		h.Del(name)
	}
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	switch code {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="skaitykla"`)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", strconv.Itoa(retryAfter(s)))
	}
	w.WriteHeader(code)
	_, _ = w.Write(JSON(s)) // the client may be gone; there is nobody left to tell
}

// JSON returns s as JSON. Details of a type that this binary does not know are
// left out.
func JSON(s *status.Status) []byte {
	message := s.Proto()
	data, err := Marshal(message)
	if err == nil {
		return data
	}
	known := &statuspb.Status{Code: message.GetCode(), Message: message.GetMessage()}
	for _, detail := range message.GetDetails() {
		if _, err := anypb.UnmarshalNew(detail, proto.UnmarshalOptions{}); err == nil {
			known.Details = append(known.Details, detail)
		}
	}
	data, err = Marshal(known)
	if err != nil {
		return []byte(`{"code":13,"message":"an error that cannot be told in JSON"}`)
	}
	return data
}

// retryAfter returns whole seconds, at least one.
func retryAfter(s *status.Status) int {
	wait := retryUnavailable
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			wait = cmp.Or(info.GetRetryDelay().AsDuration(), wait)
		}
	}
	return max(1, int(math.Ceil(wait.Seconds())))
}

// Reason returns the reason that s carries; REASON_UNSPECIFIED when it has none
// that this binary knows.
func Reason(s *status.Status) faultv1.Reason {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return faultv1.Reason(faultv1.Reason_value["REASON_"+info.GetReason()])
		}
	}
	return faultv1.Reason_REASON_UNSPECIFIED
}
