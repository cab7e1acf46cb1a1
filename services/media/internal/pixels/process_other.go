//go:build !linux

package pixels

import (
	"os"
	"os/exec"
)

// self is the running binary; an empty path fails when a worker is started.
func self() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}

// isolate leaves a worker to the default: a cancelled context kills it.
func isolate(*exec.Cmd) {}

// peakMemory is not told here.
func peakMemory(*os.ProcessState) int64 { return 0 }
