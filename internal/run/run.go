// Package run is what every binary does before and after its own work: signals
// and exit codes, configuration from the environment, the log, the listener.
//
// A binary's main calls [Main] with its start function, which builds from the
// bottom up (config, logger, store, server, listener), deferring each Close, and
// returns when the context ends. Nothing below main reads the environment,
// writes to standard error by itself or exits.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Exit codes of every binary.
const (
	// ExitOK is a clean end, also after SIGINT or SIGTERM.
	ExitOK = 0
	// ExitFailure is an error while starting or running.
	ExitFailure = 1
	// ExitConfig is a configuration that must be mended before starting again.
	ExitConfig = 2
)

// Start runs a program until ctx ends or it fails. It returns nil after ctx
// ended and everything was closed.
type Start func(ctx context.Context, getenv func(string) string, stderr io.Writer) error

// Main runs start under a context that SIGINT and SIGTERM end, and exits the
// process. A second signal kills it at once.
func Main(start Start) {
	os.Exit(Execute(context.Background(), start, os.Getenv, os.Stderr)) //nolint:forbidigo // the one place that hands the environment on
}

// Execute is Main without the exit: it writes one line for an error and returns
// the exit code.
func Execute(ctx context.Context, start Start, getenv func(string) string, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	// After the first signal the default handling returns, so that a second
	// one ends a shutdown that hangs.
	defer context.AfterFunc(ctx, stop)()

	err := start(ctx, getenv, stderr)
	switch {
	case err == nil, errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return ExitOK
	}
	fmt.Fprintf(stderr, "error: %s\n", oneLine(err))
	if _, ok := errors.AsType[*ConfigError](err); ok {
		return ExitConfig
	}
	return ExitFailure
}
