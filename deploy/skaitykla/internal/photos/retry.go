package photos

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Waits between tries: the first, the longest, and all of one call together. A
// restart of the suite takes seconds, one of the machine minutes.
const (
	firstWait  = 500 * time.Millisecond
	longWait   = 30 * time.Second
	allWaiting = 5 * time.Minute
)

// retried calls do until it succeeds or fails for good, or waiting does not
// help. It waits as long as the service says, else longer each time.
func retried[T any](ctx context.Context, do func() (T, error)) (T, error) {
	wait, waited := firstWait, time.Duration(0)
	for {
		value, err := do()
		asked, again := delay(err)
		if !again || waited >= allWaiting {
			return value, err
		}
		pause := max(asked, wait/2+rand.N(wait/2)) //nolint:gosec // so that not all come back at once
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return value, ctx.Err()
		}
		waited += pause
		wait = min(2*wait, longWait)
	}
}

// delay says whether trying again can help, and after how long at least.
func delay(err error) (wait time.Duration, again bool) {
	if err == nil {
		return 0, false
	}
	s, ok := status.FromError(err)
	if !ok {
		return 0, false
	}
	switch s.Code() { //nolint:exhaustive // all others are for good
	case codes.Unavailable, codes.ResourceExhausted, codes.Aborted, codes.DeadlineExceeded:
		again = true
	}
	// Another run was faster; it will have gone on or ended.
	again = again || reason(err) == faultv1.Reason_REASON_UPLOAD_OFFSET
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			wait = info.GetRetryDelay().AsDuration()
		}
	}
	return wait, again
}
