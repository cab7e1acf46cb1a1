// Command media runs the media service alone; its configuration is documented
// at media.Config.
package main

import (
	"os"

	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/services/media"
)

func main() {
	if exit, handled := media.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	run.Main(media.Start)
}
