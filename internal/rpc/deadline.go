package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	// headroom is what each hop keeps of a deadline, so that the innermost
	// one runs out first and its error still reaches the caller.
	headroom = 20 * time.Millisecond
	// retryUnavailable is how long to wait for a part that is away.
	retryUnavailable = time.Second
)

// limiter passes deadlines on, a little shortened, and refuses calls that
// cannot end in time.
type limiter struct{ timeout time.Duration }

func (l *limiter) unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(l.timeout + headroom)
	}
	ctx, cancel, err := shorten(ctx, deadline)
	if err != nil {
		return nil, err
	}
	defer cancel()
	return handler(ctx, req)
}

// stream leaves streams without a deadline as they are: watches have no end.
func (l *limiter) stream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	deadline, ok := stream.Context().Deadline()
	if !ok {
		return handler(srv, stream)
	}
	ctx, cancel, err := shorten(stream.Context(), deadline)
	if err != nil {
		return err
	}
	defer cancel()
	return handler(srv, &serverStream{ServerStream: stream, ctx: ctx})
}

func shorten(ctx context.Context, deadline time.Time) (context.Context, context.CancelFunc, error) {
	if time.Until(deadline) <= headroom {
		return nil, nil, outOfTime(nil)
	}
	ctx, cancel := context.WithDeadline(ctx, deadline.Add(-headroom))
	return ctx, cancel, nil
}

func outOfTime(err error) *fault.Error {
	return fault.Wrap(err, faultv1.Reason_REASON_DEADLINE_EXCEEDED,
		"the call did not end within the caller's deadline; allow more time")
}
