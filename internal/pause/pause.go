// Package pause lets goroutines wait that end with their context.
package pause

import (
	"context"
	"time"
)

// For waits for the time d, and reports whether ctx still goes on: false, at
// once, when it ends. It does not wait when d is not more than 0.
func For(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// Every does a step again and again until ctx ends, first after the time d,
// which is more than 0. Steps do not overlap: while one takes longer than d, no
// more than one other waits for it.
func Every(ctx context.Context, d time.Duration, step func()) {
	tick := time.NewTicker(d)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			step()
		}
	}
}
