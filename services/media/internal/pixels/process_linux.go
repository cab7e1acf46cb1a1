package pixels

import (
	"os"
	"os/exec"
	"syscall"
)

// self is the running binary, even when its file was replaced by an update.
func self() string { return "/proc/self/exe" }

// isolate puts a worker into a process group of its own, which is what a
// cancelled context kills, and has the kernel kill it when we die.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// peakMemory is the most memory that a process held at once, in bytes.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10
}
