package rpc_test

import (
	"context"
	"errors"
	"testing"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestUntilStopping(t *testing.T) {
	endless := func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}
	stopping := make(chan struct{})
	close(stopping)
	if err := rpc.UntilStopping(t.Context(), stopping, endless); !fault.Has(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE) {
		t.Errorf("a stopping service ends the stream with %v", err)
	}
	away := fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "closed")
	for range 100 { // whichever is heard of first
		err := rpc.UntilStopping(t.Context(), stopping, func(context.Context) error { return away })
		if !fault.Has(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE) {
			t.Fatalf("a store that closes with its service ends the stream with %v", err)
		}
	}
	if err := rpc.UntilStopping(t.Context(), make(chan struct{}), func(context.Context) error { return away }); !errors.Is(err, away) {
		t.Errorf("a store that is away became %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rpc.UntilStopping(gone, make(chan struct{}), endless); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who went away ends the stream with %v", err)
	}
	own := errors.New("own")
	if err := rpc.UntilStopping(t.Context(), nil, func(context.Context) error { return own }); !errors.Is(err, own) {
		t.Errorf("the stream's own error became %v", err)
	}
}

// TestUntilEnded ends a stream whose sender is stuck, as with a caller who
// reads nothing.
func TestUntilEnded(t *testing.T) {
	release, released := make(chan struct{}), make(chan struct{})
	stuck := func(context.Context, context.CancelCauseFunc) error {
		defer close(released)
		<-release
		return nil
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rpc.UntilEnded(gone, nil, stuck); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who went away ends the stream with %v", err)
	}
	close(release)
	<-released
	slow := fault.New(faultv1.Reason_REASON_WATCHER_TOO_SLOW, "too slow")
	release, released = make(chan struct{}), make(chan struct{})
	err := rpc.UntilEnded(t.Context(), nil, func(ctx context.Context, end context.CancelCauseFunc) error {
		end(slow)
		return stuck(ctx, end)
	})
	if !errors.Is(err, slow) {
		t.Errorf("the stream ended with %v", err)
	}
	close(release)
	<-released
	err = rpc.UntilEnded(t.Context(), nil, func(context.Context, context.CancelCauseFunc) error {
		panic("for the test")
	})
	if err == nil || fault.Has(err, faultv1.Reason_REASON_WATCHER_TOO_SLOW) {
		t.Errorf("a panic ended the stream with %v", err)
	}
}
