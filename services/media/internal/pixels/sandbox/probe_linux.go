package sandbox

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Attempt is one forbidden thing that [Probe] tried. Errno is what the kernel
// answered, 0 when it let it through.
type Attempt struct {
	Call  string
	Errno int
}

// Probe tries what a decoder under foreign control would: to reach the network,
// start programs, open files, look into and signal other processes. It must run
// in a locked process; in an open one it does harm.
func Probe() []Attempt {
	file := [...]byte{'/', 'e', 't', 'c', '/', 'p', 'a', 's', 's', 'w', 'd', 0}
	name := uintptr(unsafe.Pointer(&file[0])) //nolint:gosec // a raw system call takes an address
	here := ^uintptr(99)                      // AT_FDCWD
	parent := uintptr(unix.Getppid())
	calls := []struct {
		name string
		trap uintptr
		args [4]uintptr
	}{
		{"open for reading", unix.SYS_OPENAT, [4]uintptr{here, name, unix.O_RDONLY}},
		{"open for writing", unix.SYS_OPENAT, [4]uintptr{here, name, unix.O_WRONLY}},
		{"openat2", unix.SYS_OPENAT2, [4]uintptr{here, name}},
		{"unlink", unix.SYS_UNLINKAT, [4]uintptr{here, name}},
		{"socket inet", unix.SYS_SOCKET, [4]uintptr{unix.AF_INET, unix.SOCK_STREAM}},
		{"socket unix", unix.SYS_SOCKET, [4]uintptr{unix.AF_UNIX, unix.SOCK_STREAM}},
		{"socketpair", unix.SYS_SOCKETPAIR, [4]uintptr{unix.AF_UNIX, unix.SOCK_STREAM}},
		{"connect", unix.SYS_CONNECT, [4]uintptr{0}},
		{"fork", unix.SYS_CLONE, [4]uintptr{uintptr(unix.SIGCHLD)}},
		// As a flag word, this is the number of tgkill's neighbors in the
		// filter: see policy for why that is worth a try.
		{"fork with a call number for flags", unix.SYS_CLONE, [4]uintptr{unix.SYS_TGKILL}},
		{"clone3", unix.SYS_CLONE3, [4]uintptr{0, 0}},
		{"execve", unix.SYS_EXECVE, [4]uintptr{name}},
		{"execveat", unix.SYS_EXECVEAT, [4]uintptr{here, name}},
		{"ptrace", unix.SYS_PTRACE, [4]uintptr{unix.PTRACE_SEIZE, parent}},
		{"read another process", unix.SYS_PROCESS_VM_READV, [4]uintptr{parent}},
		{"signal another process", unix.SYS_TGKILL, [4]uintptr{parent, parent, 0}},
		{"kill", unix.SYS_KILL, [4]uintptr{parent, 0}},
		{"raise a limit", unix.SYS_PRLIMIT64, [4]uintptr{0, unix.RLIMIT_AS}},
		{"memfd", unix.SYS_MEMFD_CREATE, [4]uintptr{name}},
		{"unshare", unix.SYS_UNSHARE, [4]uintptr{unix.CLONE_NEWUSER}},
		{"mount", unix.SYS_MOUNT, [4]uintptr{name, name}},
		{"io_uring", unix.SYS_IO_URING_SETUP, [4]uintptr{1, 0}},
		{"bpf", unix.SYS_BPF, [4]uintptr{0, 0}},
		{"ioctl", unix.SYS_IOCTL, [4]uintptr{0, unix.TIOCSTI}},
	}
	attempts := make([]Attempt, 0, len(calls))
	for _, c := range calls {
		pid, _, errno := unix.RawSyscall6(c.trap, c.args[0], c.args[1], c.args[2], c.args[3], 0, 0)
		if c.trap == unix.SYS_CLONE && errno == 0 && pid == 0 {
			_, _, _ = unix.RawSyscall(unix.SYS_EXIT_GROUP, 0, 0, 0) // the fork came through: end the copy
		}
		attempts = append(attempts, Attempt{Call: c.name, Errno: int(errno)})
	}
	runtime.KeepAlive(&file)
	return attempts
}
