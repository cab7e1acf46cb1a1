package testkit

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// WantFault stops the test unless a call failed with the code and the reason.
// It returns the error for a look at its fields; the zero value for success.
func WantFault(tb testing.TB, err error, code codes.Code, reason faultv1.Reason) fault.Error {
	tb.Helper()
	if got := status.Code(err); got != code {
		tb.Fatalf("got code %v, want %v; error: %v", got, code, err)
	}
	e := rpc.FromStatus(err)
	if e == nil {
		if reason != faultv1.Reason_REASON_UNSPECIFIED {
			tb.Fatalf("got no error, want %v", reason)
		}
		return fault.Error{}
	}
	if e.Reason != reason {
		tb.Fatalf("got reason %v, want %v; error: %v", e.Reason, reason, err)
	}
	return *e
}

// WantReason stops the test unless err, from a store or a noun, has the reason.
func WantReason(tb testing.TB, err error, reason faultv1.Reason) fault.Error {
	tb.Helper()
	e, ok := fault.Of(err)
	if !ok || e.Reason != reason {
		tb.Fatalf("got error %v, want one with %v", err, reason)
	}
	return *e
}
