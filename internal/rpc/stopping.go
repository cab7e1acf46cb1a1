package rpc

import (
	"context"
	"errors"
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
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(context.Canceled)
	go func() {
		select {
		case <-stopping:
			cancel(errStopping)
		case <-ctx.Done():
		}
	}()
	err := run(ctx)
	if errors.Is(context.Cause(ctx), errStopping) {
		return fault.Unavailable(errStopping, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"the service stops; watch again with your last token").RetryAfter(time.Second)
	}
	return err
}
