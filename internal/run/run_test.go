package run_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/skaitykla/skaitykla/internal/run"
)

func nothing(string) string { return "" }

func TestExecute(t *testing.T) {
	tests := []struct {
		name  string
		start run.Start
		code  int
		text  string
	}{
		{"clean", func(context.Context, func(string) string, io.Writer) error { return nil }, run.ExitOK, ""},
		{"failure", func(context.Context, func(string) string, io.Writer) error {
			return errors.New("open store:\n\tlocked by another process")
		}, run.ExitFailure, "error: open store: locked by another process\n"},
		{"configuration", func(context.Context, func(string) string, io.Writer) error {
			return fmt.Errorf("start: %w", &run.ConfigError{Problems: []error{errors.New("a"), errors.New("b")}})
		}, run.ExitConfig, "error: start: configuration: a; b\n"},
		{"canceled for another reason", func(context.Context, func(string) string, io.Writer) error {
			return context.Canceled
		}, run.ExitFailure, "error: context canceled\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var stderr bytes.Buffer
			if code := run.Execute(t.Context(), test.start, nothing, &stderr); code != test.code {
				t.Errorf("got exit code %d, want %d", code, test.code)
			}
			if got := stderr.String(); got != test.text {
				t.Errorf("got %q, want %q", got, test.text)
			}
		})
	}
}

func TestSignalsEndTheContext(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		// Holds the default action off, should the program under test not.
		guard := make(chan os.Signal, 2)
		signal.Notify(guard, sig)
		code := run.Execute(t.Context(), func(ctx context.Context, _ func(string) string, _ io.Writer) error {
			if err := syscall.Kill(os.Getpid(), sig); err != nil {
				return err
			}
			<-ctx.Done()
			return ctx.Err()
		}, nothing, t.Output())
		signal.Stop(guard)
		if code != run.ExitOK {
			t.Errorf("%v: got exit code %d", sig, code)
		}
	}
}

func TestCanceledContextIsACleanEnd(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	code := run.Execute(ctx, func(ctx context.Context, _ func(string) string, _ io.Writer) error {
		<-ctx.Done()
		return fmt.Errorf("serve: %w", ctx.Err())
	}, nothing, t.Output())
	if code != run.ExitOK {
		t.Errorf("got exit code %d", code)
	}
}

func TestListenOnAFreePort(t *testing.T) {
	first, err := run.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if second, err := run.Listen(t.Context(), first.Addr().String()); err == nil {
		t.Errorf("two listeners on one address; closing: %v", second.Close())
	}
}
