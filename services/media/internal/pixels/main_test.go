package pixels_test

import (
	"os"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// TestMain makes the test binary its own worker, as a service's main does.
func TestMain(m *testing.M) {
	if exit, handled := pixels.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}
