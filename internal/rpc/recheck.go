package rpc

import (
	"context"
	"time"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
)

// recheckInterval is how often the token of an open stream is looked at, so
// that a revoked one ends its streams too, within auth.MaxPropagation.
const recheckInterval = 10 * time.Second

// recheck returns a context that ends when the token of a stream is no longer
// good. The caller must call stop.
func (g *gate) recheck(ctx context.Context) (_ context.Context, stop func()) {
	if auth.FromContext(ctx).Anonymous() {
		return ctx, func() {}
	}
	token, _ := bearer(metadata.ValueFromIncomingContext(ctx, HeaderAuthorization))
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		ticker := time.NewTicker(recheckInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if _, err := g.verifier.Verify(ctx, token); err != nil {
					cancel(err)
					return
				}
			}
		}
	}()
	return ctx, func() { cancel(nil) }
}

// shutOut returns why recheck ended the context; nil while it goes on or when
// it ended otherwise.
func shutOut(ctx context.Context) error {
	if e, ok := fault.Of(context.Cause(ctx)); ok {
		return e
	}
	return nil
}
