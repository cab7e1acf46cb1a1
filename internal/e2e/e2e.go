// Package e2e tries the whole suite as its operator starts it: the program
// `skaitykla`, a real MinIO server, real files, real HTTP and a real browser.
// Its tests live in this folder; this file is what they share.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Addresses is what the suite writes into its ready file.
type Addresses struct {
	HTTP      string `json:"http"`
	Article   string `json:"article"`
	Media     string `json:"media"`
	Sharing   string `json:"sharing"`
	TokenFile string `json:"token_file"`
}

// Suite is a running suite.
type Suite struct {
	Addresses
	Data string

	cmd    *exec.Cmd
	output *log
	exited chan error
}

// startTime bounds a start: the MinIO server may have to be built first.
const startTime = 15 * time.Minute

// Start starts the program on a data folder and returns when it is ready. It
// is stopped when the test ends.
func Start(tb testing.TB, program, data string, args ...string) *Suite {
	tb.Helper()
	s := &Suite{Data: data, output: &log{}, exited: make(chan error, 1)}
	readyFile := filepath.Join(tb.TempDir(), "ready.json")
	words := append([]string{
		"up", "--data", data, "--ready-file", readyFile, "--http", "127.0.0.1:0",
		"--article-addr", "127.0.0.1:0", "--media-addr", "127.0.0.1:0", "--sharing-addr", "127.0.0.1:0",
	}, args...)
	s.cmd = exec.Command(program, words...) //nolint:gosec // the program under test
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	if err := s.cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	go func() { s.exited <- s.cmd.Wait() }()
	tb.Cleanup(func() {
		s.Stop(tb)
		if tb.Failed() {
			tb.Logf("output of the suite:\n%s", s.Output())
		}
	})
	ctx, cancel := context.WithTimeout(tb.Context(), startTime)
	defer cancel()
	if err := s.awaitReady(ctx, readyFile); err != nil {
		tb.Fatalf("the suite did not become ready: %v\n%s", err, s.Output())
	}
	return s
}

func (s *Suite) awaitReady(ctx context.Context, path string) error {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		text, err := os.ReadFile(path)
		if err == nil {
			return json.Unmarshal(text, &s.Addresses)
		}
		select {
		case err := <-s.exited:
			s.exited <- err
			return fmt.Errorf("it ended: %w", err)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-look.C:
		}
	}
}

// Stop asks the suite to end and fails the test when it does not end cleanly.
// A second Stop does nothing.
func (s *Suite) Stop(tb testing.TB) {
	tb.Helper()
	select {
	case err := <-s.exited:
		s.exited <- err
		return
	default:
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		tb.Error(err)
	}
	select {
	case err := <-s.exited:
		s.exited <- err
		if err != nil {
			tb.Errorf("the suite ended with %v\n%s", err, s.Output())
		}
	case <-time.After(time.Minute):
		tb.Error("the suite did not end within a minute of SIGTERM; killing it")
		_ = s.cmd.Process.Kill()
	}
}

// Kill ends the suite without a chance to tidy up.
func (s *Suite) Kill(t *testing.T) {
	t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	err := <-s.exited
	s.exited <- nil
	if _, killed := errors.AsType[*exec.ExitError](err); !killed {
		t.Fatalf("kill: %v", err)
	}
}

// Output is what the suite printed so far.
func (s *Suite) Output() string { return s.output.String() }

// Run runs another command of the program against the suite and returns what
// it printed and its exit code.
func (s *Suite) Run(tb testing.TB, args ...string) (output string, exit int) {
	tb.Helper()
	return Run(tb, s.cmd.Path, append(args, "--data", s.Data)...)
}

// Run runs a program and returns what it printed and its exit code.
func Run(tb testing.TB, program string, args ...string) (output string, exit int) {
	tb.Helper()
	var printed bytes.Buffer
	cmd := exec.CommandContext(tb.Context(), program, args...) //nolint:gosec // the program under test
	cmd.Stdout, cmd.Stderr = &printed, &printed
	err := cmd.Run()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return printed.String(), failed.ExitCode()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return printed.String(), 0
}

// log is a buffer that may be read while a process writes to it.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

var _ io.Writer = (*log)(nil)

// Write implements io.Writer.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns everything written so far.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
