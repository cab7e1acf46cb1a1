package pixels

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/worker"
)

// patience is how many times its limit of processor time a worker may last.
const patience = 4

// photo is the original on its way to a worker.
type photo struct {
	reader    io.Reader
	size      int64
	mediaType string
}

// session is one worker process and the talk with it.
type session struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr scrap
	budget *budget
	stop   context.CancelCauseFunc
}

// talk starts a worker, sends it the request and the photo, and has listen
// read the answers. It returns when the process is gone. What it returns is
// the first cause: the caller's context, the reader of the photo, the time
// limit, or else what listen says, joined with how the process ended.
func (p *Processor) talk(ctx context.Context, request wire.Request, body photo, listen func(*session) error) error {
	// The kernel kills a worker when the thread that started it ends, so
	// that thread must be ours until the worker is gone.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	run, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	s := &session{stop: stop}
	if err := s.start(run, p.config); err != nil {
		return err
	}
	s.budget = newBudget(patience*p.config.Limits.Time, func() { stop(overdueError{}) })
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		s.feed(request, body)
	}()
	heard := listen(s)
	if heard != nil {
		stop(heard)
	}
	exit := s.cmd.Wait()
	s.budget.end()
	<-fed
	s.log(p.config.Logger)
	return p.verdict(ctx, run, heard, exit, s)
}

func (s *session) start(ctx context.Context, config Config) error {
	args := append([]string{worker.Name}, config.Args...)
	s.cmd = exec.CommandContext(ctx, config.Executable, args...) //nolint:gosec // both are ours, not the photo's
	s.cmd.Dir = "/"
	s.cmd.Env = environment()
	s.cmd.Stderr = &s.stderr
	s.cmd.WaitDelay = 5 * time.Second
	isolate(s.cmd)
	stdin, err := s.cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	s.stdin, s.stdout = stdin, bufio.NewReader(stdout)
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start a worker: %w", err)
	}
	return nil
}

// log tells what the worker cost and what it wrote to standard error.
func (s *session) log(logger *slog.Logger) {
	state := s.cmd.ProcessState
	if state == nil {
		return
	}
	logger.Debug("photo worker ended",
		slog.String("state", state.String()),
		slog.Duration("cpu", state.UserTime()+state.SystemTime()),
		slog.Int64("memory", peakMemory(state)), // never less than ours when it was started
		slog.String("stderr", s.stderr.String()))
}

// environment is all that a worker gets: no secret of ours is in it.
func environment() []string {
	return []string{
		"GOGC=off", // a worker makes little garbage and ends soon
		"GOMAXPROCS=1",
		"GOTRACEBACK=single",
		"MALLOC_ARENA_MAX=2",
		"TZ=UTC0",                // a zone that no file describes
		"VIPS_DISC_THRESHOLD=8g", // never a temporary file: it could not be opened
		"VIPS_WARNING=0",
	}
}

// feed sends the request. A worker that is gone shows in its answers, so only
// the photo's reader is reported, by stopping the session.
func (s *session) feed(request wire.Request, body photo) {
	defer func() { _ = s.stdin.Close() }()
	if err := wire.WriteHead(s.stdin, wire.KindRequest, request, body.size); err != nil || body.size == 0 {
		return
	}
	buffer := make([]byte, 256<<10)
	for left := body.size; left > 0; {
		s.budget.pause()
		n, err := body.reader.Read(buffer[:min(left, int64(len(buffer)))])
		s.budget.resume()
		left -= int64(n)
		if _, broken := s.stdin.Write(buffer[:n]); broken != nil {
			return
		}
		if err != nil && left > 0 {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			s.stop(&callerError{doing: "read the original", err: err})
			return
		}
	}
}

// callerError came from the caller's reader or emit and goes back to it.
type callerError struct {
	doing string
	err   error
}

func (e *callerError) Error() string { return e.doing + ": " + e.err.Error() }

func (e *callerError) Unwrap() error { return e.err }
