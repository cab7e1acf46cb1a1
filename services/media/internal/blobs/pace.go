package blobs

import (
	"context"
	"errors"
	"time"
)

// slowest is the rate in bytes per second below which a server is as good as
// away: at it a reader waits for seconds for one picture.
const slowest = 256 << 10

// errTooSlow is the cause when we ended a call, not our caller.
var errTooSlow = errors.New("the object store takes too long")

// within bounds a call that carries size bytes.
func (s *Store) within(ctx context.Context, size int64) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.patience+timeFor(size), errTooSlow)
}

func timeFor(size int64) time.Duration {
	return time.Duration(float64(size) / slowest * float64(time.Second))
}

// pace ends a transfer that the server delivers too slowly. Only the time in
// which we wait for the server counts: who reads may take as long as he likes.
type pace struct {
	patience, left time.Duration
	began          time.Time
	timer          *time.Timer
	cancel         context.CancelCauseFunc
}

// newPace returns a context for the transfer and its pace, which waits.
func newPace(ctx context.Context, patience time.Duration) (context.Context, *pace) {
	ctx, cancel := context.WithCancelCause(ctx)
	p := &pace{patience: patience, left: patience, cancel: cancel, began: time.Now()}
	p.timer = time.AfterFunc(patience, func() { cancel(errTooSlow) })
	return ctx, p
}

// wait says that we wait for the server.
func (p *pace) wait() {
	p.began = time.Now()
	p.timer.Reset(p.left)
}

// got says that n bytes came.
func (p *pace) got(n int) {
	p.timer.Stop()
	p.left = min(p.patience, p.left-time.Since(p.began)+timeFor(int64(n)))
}

// end releases what the transfer holds.
func (p *pace) end() {
	p.timer.Stop()
	p.cancel(nil)
}
