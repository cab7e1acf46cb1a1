package pixels_test

import (
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// TestMain makes the test binary its own worker, as a service's main does.
// With a further argument it is a worker that misbehaves in the named way. As
// a test it uses libvips itself, to make pictures and to look at renditions.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "pixels-worker" {
		misbehave(os.Args[2])
	}
	if len(os.Args) > 1 && os.Args[1] == "parent" {
		parent()
	}
	if exit, handled := pixels.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		// Not os.Exit, after which the race detector waits for a second.
		syscall.Exit(exit)
	}
	if err := vips.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
