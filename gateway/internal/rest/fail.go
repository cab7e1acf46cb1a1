package rest

import (
	"context"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// fail answers a call that failed.
func fail(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	reply.Error(w, r, typed(r, err))
}

// typed gives the errors that the generated handlers make of a malformed
// request the reason they deserve.
func typed(r *http.Request, err error) error {
	if bodyTooLarge(r) {
		return fault.New(faultv1.Reason_REASON_TOO_LARGE, "the body is larger than the limit; send less")
	}
	s := status.Convert(err)
	if s.Code() != codes.InvalidArgument || len(s.Details()) > 0 {
		return err
	}
	if field, ok := strings.CutPrefix(s.Message(), unknownMark); ok {
		return fault.Invalid(field, faultv1.Reason_REASON_UNKNOWN_FIELD,
			"the contract has no such field; remove it or see /openapi.json")
	}
	return fault.New(faultv1.Reason_REASON_INVALID_FIELD,
		"the request is not what the contract says: %s; see /openapi.json", plainText(s.Message()))
}

// failRouting answers a request that no method of the contract matches.
func failRouting(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, code int) {
	var err *fault.Error
	switch code {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", "GET, HEAD, POST, PATCH, DELETE")
		err = fault.New(faultv1.Reason_REASON_UNIMPLEMENTED, "this address does not have this method; see /openapi.json")
	case http.StatusNotFound:
		err = fault.New(faultv1.Reason_REASON_RESOURCE_NOT_FOUND, "no method of the API has this address; see /openapi.json")
	default:
		code = http.StatusBadRequest
		err = fault.New(faultv1.Reason_REASON_INVALID_FIELD, "the address is malformed; see /openapi.json")
	}
	reply.Send(w, reply.Status(r, err), code)
}
