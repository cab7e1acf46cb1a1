// Command skaitykla is the one program of the operator: it runs the whole
// suite on one machine and is the tool to work with it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // time zones of sites, on machines without them

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/cli"
	"github.com/skaitykla/skaitykla/services/media"
)

func main() {
	// The sandboxed decoder is this program executed again.
	if exit, handled := media.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	os.Exit(command())
}

func command() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := cli.New(os.Getenv).ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "skaitykla:", cli.Failure(err))
		return 1
	}
	return 0
}
