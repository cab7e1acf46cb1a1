package pixels

import (
	"context"
	"errors"
	"fmt"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/worker"
)

// overdueError is the cause of cancellation when a photo's time is up.
type overdueError struct{}

func (overdueError) Error() string { return "the photo's time is up" }

// failureError is a failure that the worker reported.
type failureError struct{ wire.Failure }

func (e *failureError) Error() string { return "the worker says: " + e.Detail }

// verdict turns the end of a session into what Render returns. The caller's
// own causes come first, then ours, then the worker's word. A worker that
// ended without a word, or said what it could not have meant, crashed on the
// photo, unless it says by its exit code that it never got there.
func (p *Processor) verdict(ctx, run context.Context, heard, exit error, s *session) error {
	cause := context.Cause(run)
	if e, ok := errors.AsType[*callerError](cause); ok {
		return e
	}
	if err := ctx.Err(); err != nil && (heard != nil || exit != nil) {
		return fmt.Errorf("render: %w", err)
	}
	if _, ok := errors.AsType[overdueError](cause); ok {
		return p.fail(TooSlow, cause)
	}
	if e, ok := errors.AsType[*failureError](heard); ok {
		return p.fail(blame(e.Reason), e)
	}
	if heard == nil && exit == nil {
		return nil
	}
	spent := s.cmd.ProcessState
	if spent != nil && spent.UserTime()+spent.SystemTime() >= p.config.Limits.Time {
		return p.fail(TooSlow, errors.Join(heard, exit))
	}
	if text := s.stderr.String(); text != "" {
		exit = errors.Join(exit, errors.New(text))
	}
	if spent != nil && spent.ExitCode() == worker.ExitBroken {
		return fmt.Errorf("the worker is broken: %w", exit)
	}
	return p.fail(Crashed, errors.Join(heard, exit))
}

// blame allows a worker the reasons that it can know of.
func blame(reason string) Reason {
	switch r := Reason(reason); r {
	case UnsupportedFormat, TooManyBytes, TooManyPixels, TooManyFrames, Corrupt, SandboxUnavailable:
		return r
	case TooSlow, Crashed, Busy:
		return Crashed
	}
	return Crashed
}
