package rpc

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// errStopping is why a stream ends when its service does.
var errStopping = errors.New("the service stops")

// UntilStopping runs a stream that has no end of its own, such as a watch,
// under a context that also ends when stopping is closed: a server that stops
// waits for its calls, and would wait for these in vain. Then the error is
// SERVICE_UNAVAILABLE and says to come back.
func UntilStopping(ctx context.Context, stopping <-chan struct{}, run func(context.Context) error) error {
	return UntilEnded(ctx, stopping, func(ctx context.Context, _ context.CancelCauseFunc) error { return run(ctx) })
}

// UntilEnded is UntilStopping for a run that can also be ended from outside, by
// calling end with an error of package fault, which the caller gets.
//
// Whoever sends to somebody who does not read is stuck until the handler
// returns. So run has a goroutine of its own, which is not waited for when the
// stream ends otherwise: it finds the context ended and sending failing.
func UntilEnded(ctx context.Context, stopping <-chan struct{}, run func(_ context.Context, end context.CancelCauseFunc) error) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(context.Canceled)
	ended := make(chan error, 1)
	go func() {
		var err error
		defer func() {
			if value := recover(); value != nil {
				err = &panicError{value, string(debug.Stack())}
			}
			ended <- err
		}()
		err = run(ctx, end)
	}()
	select {
	case err := <-ended:
		if why, ok := fault.Of(context.Cause(ctx)); ok {
			return why
		}
		if failed, ok := fault.Of(err); ok && failed.Kind == fault.KindUnavailable && closed(stopping) {
			return stopped() // such as a store that closes with the service
		}
		return err
	case <-stopping:
		return stopped()
	case <-ctx.Done():
		if why, ok := fault.Of(context.Cause(ctx)); ok {
			return why
		}
		return ctx.Err()
	}
}

func stopped() error {
	return fault.Unavailable(errStopping, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
		"the service stops; watch again with your last token").RetryAfter(time.Second)
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
