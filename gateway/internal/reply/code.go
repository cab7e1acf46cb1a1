package reply

import (
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// StatusClientGone is what logs show when the client went away before the
// answer.
const StatusClientGone = 499

// Code returns the HTTP status for s. The reason decides where HTTP can say
// more than gRPC. conditional tells that the request carried If-Match, which
// turns a conflict from 409 into 412.
func Code(s *status.Status, conditional bool) int {
	switch Reason(s) { //nolint:exhaustive // the others follow their code
	case faultv1.Reason_REASON_EDIT_CONFLICT:
		if conditional {
			return http.StatusPreconditionFailed
		}
		return http.StatusConflict
	case faultv1.Reason_REASON_UPLOAD_OFFSET:
		return http.StatusConflict
	case faultv1.Reason_REASON_RESOURCE_GONE:
		return http.StatusGone
	case faultv1.Reason_REASON_ETAG_REQUIRED:
		return http.StatusPreconditionRequired
	case faultv1.Reason_REASON_TOO_LARGE, faultv1.Reason_REASON_IMAGE_TOO_LARGE:
		return http.StatusRequestEntityTooLarge
	case faultv1.Reason_REASON_IMAGE_UNSUPPORTED:
		return http.StatusUnsupportedMediaType
	}
	return byCode(s.Code())
}

func byCode(code codes.Code) int {
	switch code {
	case codes.OK:
		return http.StatusOK
	case codes.Canceled:
		return StatusClientGone
	case codes.InvalidArgument, codes.FailedPrecondition, codes.OutOfRange:
		return http.StatusBadRequest
	case codes.DeadlineExceeded:
		return http.StatusGatewayTimeout
	case codes.NotFound:
		return http.StatusNotFound
	case codes.AlreadyExists, codes.Aborted:
		return http.StatusConflict
	case codes.PermissionDenied:
		return http.StatusForbidden
	case codes.Unauthenticated:
		return http.StatusUnauthorized
	case codes.ResourceExhausted:
		return http.StatusTooManyRequests
	case codes.Unimplemented:
		return http.StatusNotImplemented
	case codes.Unavailable:
		return http.StatusServiceUnavailable
	case codes.Unknown, codes.Internal, codes.DataLoss:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}
