// Command skaitykla is the one program of the operator: it runs the whole
// suite on one machine and is the tool to work with it.
package main

import (
	"context"
	"io"
	"os"
	_ "time/tzdata" // time zones of sites, on machines without them

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/cli"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/services/media"
)

func main() {
	// The sandboxed decoder is this program executed again.
	if exit, handled := media.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	run.Main(func(ctx context.Context, getenv func(string) string, stderr io.Writer) error {
		return cli.Run(ctx, getenv, os.Args[1:], os.Stdout, stderr)
	})
}
