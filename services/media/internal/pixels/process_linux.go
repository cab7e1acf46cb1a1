package pixels

import (
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
