package pixels_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

func TestCheckFindsTheSandboxClosed(t *testing.T) {
	if err := newProcessor(t, nil).Check(t.Context()); err != nil {
		t.Error(err, errors.Unwrap(err))
	}
}

func TestKilledWorkerIsOneFailure(t *testing.T) {
	p := newProcessor(t, nil)
	photo := phototest.JPEG(t, phototest.Gradient(1600, 1200))
	err := p.Render(t.Context(), bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, func(e pixels.Event) error {
		if e.Info != nil {
			for _, pid := range children(t) {
				if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
					t.Error(err)
				}
			}
		}
		return nil
	})
	wantReason(t, err, pixels.Crashed)
	if _, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{}); err != nil {
		t.Errorf("the next photo: %v", err)
	}
	wantNoChildren(t)
}

func TestCancelKillsTheWorker(t *testing.T) {
	p := newProcessor(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	photo := phototest.JPEG(t, phototest.Gradient(1600, 1200))
	err := p.Render(ctx, bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, func(pixels.Event) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	wantNoChildren(t)
}

func TestCallerErrorsComeBack(t *testing.T) {
	p := newProcessor(t, nil)
	photo := phototest.PNG(t, phototest.Gradient(400, 300))
	full := errors.New("the disk is full")
	err := p.Render(t.Context(), bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, func(pixels.Event) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("emit: got %v, want %v", err, full)
	}
	drop := func(pixels.Event) error { return nil }
	gone := errors.New("the connection is gone")
	for _, read := range []int64{10, 200} {
		broken := io.MultiReader(io.LimitReader(bytes.NewReader(photo), read), iotest.ErrReader(gone))
		if err := p.Render(t.Context(), broken, int64(len(photo)), pixels.Job{}, drop); !errors.Is(err, gone) {
			t.Errorf("reader after %d bytes: got %v, want %v", read, err, gone)
		}
	}
	err = p.Render(t.Context(), bytes.NewReader(photo), int64(len(photo))+1, pixels.Job{}, drop)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("short reader: got %v, want io.ErrUnexpectedEOF", err)
	}
	for _, job := range []pixels.Job{{Widths: []int{0}}, {Formats: []pixels.Format{"bmp"}}, {Formats: []pixels.Format{"jpeg", "jpeg"}}} {
		if _, err := render(t.Context(), p, photo, job); err == nil || !strings.Contains(err.Error(), "job:") {
			t.Errorf("%+v: got %v, want an error about the job", job, err)
		}
	}
	wantNoChildren(t)
}

func TestTimeLimit(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) { c.Limits.Time = 20 * time.Millisecond })
	_, err := render(t.Context(), p, phototest.JPEG(t, phototest.Gradient(1600, 1200)), pixels.Job{})
	wantReason(t, err, pixels.TooSlow)
	wantNoChildren(t)
}

func TestSlowCallerDoesNotSpendTheTime(t *testing.T) {
	const limit = time.Second
	p := newProcessor(t, func(c *pixels.Config) { c.Limits.Time = limit })
	photo := phototest.PNG(t, phototest.Gradient(40, 30))
	err := p.Render(t.Context(), bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, func(e pixels.Event) error {
		if e.Info != nil {
			<-time.After(4*limit + 200*time.Millisecond)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	p := newProcessor(t, nil)
	photo := phototest.PNG(t, phototest.Gradient(200, 150))
	var running, most atomic.Int64
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			err := p.Render(t.Context(), bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, func(e pixels.Event) error {
				if e.Info != nil {
					now := running.Add(1)
					for old := most.Load(); now > old && !most.CompareAndSwap(old, now); old = most.Load() {
					}
					if n := len(children(t)); n > 2 {
						t.Errorf("%d workers at once, want at most 2", n)
					}
				} else if e.Rendition != nil && e.Rendition.Format == pixels.WebP {
					running.Add(-1)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if most.Load() > 2 {
		t.Errorf("%d photos at once, want at most 2", most.Load())
	}
	wantNoChildren(t)
}

func TestBusy(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) { c.Concurrency = 1 })
	photo := phototest.PNG(t, phototest.Gradient(40, 30))
	err := p.Render(t.Context(), bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, func(e pixels.Event) error {
		if e.Info == nil {
			return nil
		}
		soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err := render(soon, p, photo, pixels.Job{})
		wantReason(t, err, pixels.Busy)
		cancelled, cancelNow := context.WithCancel(t.Context())
		cancelNow()
		if _, err := render(cancelled, p, photo, pixels.Job{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestNothingLeaks(t *testing.T) {
	p := newProcessor(t, nil)
	photo := phototest.PNG(t, phototest.Gradient(40, 30))
	count := func() int {
		open, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(open)
	}
	if _, err := render(t.Context(), p, photo, pixels.Job{}); err != nil {
		t.Fatal(err)
	}
	before := count()
	for range 5 {
		if _, err := render(t.Context(), p, photo, pixels.Job{}); err != nil {
			t.Fatal(err)
		}
	}
	if after := count(); after > before {
		t.Errorf("%d open files, %d before", after, before)
	}
	wantNoChildren(t)
}

// parent is a process that waits for a worker that never answers.
func parent() {
	photo := []byte("\x89PNG\r\n\x1a\n and more that nobody reads")
	p := pixels.New(pixels.Config{Args: []string{"hang"}})
	err := p.Render(context.Background(), bytes.NewReader(photo), int64(len(photo)), pixels.Job{}, nil)
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func TestWorkerDiesWithItsParent(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "parent")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var workers []int
	for tick := time.Tick(5 * time.Millisecond); len(workers) == 0; <-tick {
		workers = childrenOf(t, cmd.Process.Pid)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the parent ended well")
	}
	for tick := time.Tick(5 * time.Millisecond); t.Context().Err() == nil; <-tick {
		if gone(workers[0]) {
			return
		}
	}
	t.Error("the worker outlived its parent")
}

// gone says that a process does not run any more; whoever inherited it may
// not have taken note of its end yet.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	return err != nil || strings.HasPrefix(rest, "Z") || strings.HasPrefix(rest, "X")
}
