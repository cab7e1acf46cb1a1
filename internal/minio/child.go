package minio

import (
	"context"
	"io"
	"log/slog"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// Times of a child's life.
const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
	// soundRun is how long a run must last for the next failure to count as a
	// first one.
	soundRun = time.Minute
	// stopTimeout is how long a child may take to end before it is killed.
	stopTimeout = 10 * time.Second
)

// child keeps one process running until it is stopped.
type child struct {
	log  *slog.Logger
	path string
	args []string
	env  []string

	words    words
	stopping chan struct{}
	ended    chan struct{} // closed when the first run has ended
	done     chan struct{} // closed when there will be no further run
	once     sync.Once

	mu      sync.Mutex
	running *exec.Cmd
}

// start begins the first run and everything that follows it.
func (c *child) start() {
	c.stopping, c.ended, c.done = make(chan struct{}), make(chan struct{}), make(chan struct{})
	go c.supervise()
}

// supervise runs the process again and again. The kernel ends a child when
// the thread that started it ends, so this goroutine keeps its thread.
func (c *child) supervise() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(c.done)
	backoff := firstBackoff
	for first := true; ; first = false {
		began := time.Now()
		err := c.run()
		if first {
			close(c.ended)
		}
		if c.isStopping() {
			return
		}
		if time.Since(began) > soundRun {
			backoff = firstBackoff
		}
		c.log.Error("a child process ended by itself and is started again",
			slog.Any("error", err), slog.Duration("in", backoff), slog.String("said", c.lastWords()))
		select {
		case <-c.stopping:
			return
		case <-time.After(backoff):
		}
		backoff = min(2*backoff, maxBackoff)
	}
}

// run starts the process once and waits for its end.
func (c *child) run() error {
	command := exec.Command(c.path, c.args...) //nolint:gosec,noctx // our own choice of binary; it is stopped by stop
	command.Env = c.env
	command.SysProcAttr = attributes()
	lines := io.MultiWriter(&c.words, &logWriter{log: c.log})
	command.Stdout, command.Stderr = lines, lines
	command.WaitDelay = stopTimeout
	c.mu.Lock()
	if c.isStopping() {
		c.mu.Unlock()
		return nil
	}
	err := command.Start()
	if err == nil {
		c.running = command
	}
	c.mu.Unlock()
	if err != nil {
		c.words.note(err.Error())
		return err
	}
	err = command.Wait()
	c.mu.Lock()
	c.running = nil
	c.mu.Unlock()
	return err
}

// stop ends the process, kindly first, and returns when it is gone.
func (c *child) stop(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	c.once.Do(func() { close(c.stopping) })
	c.signal(terminate)
	select {
	case <-c.done:
	case <-ctx.Done():
		c.signal(kill)
		<-c.done
	}
}

func (c *child) signal(send func(pid int)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running != nil {
		send(c.running.Process.Pid)
	}
}

func (c *child) isStopping() bool {
	select {
	case <-c.stopping:
		return true
	default:
		return false
	}
}

// lastWords returns the end of what the process wrote, for error messages.
func (c *child) lastWords() string { return c.words.last() }
