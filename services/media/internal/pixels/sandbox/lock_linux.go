package sandbox

import (
	"fmt"
	"os"
	"runtime"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"golang.org/x/sys/unix"
)

// Lock installs the filter on every thread of this process and sets
// no_new_privs. An error means that nothing is locked.
func Lock() error {
	known, err := arch.GetInfo("")
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	// no_new_privs is set on the calling thread, which must be the one that
	// then hands the filter to all the others.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err = seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy:     policy(known.SyscallNames, os.Getpid()),
	})
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// policy allows what is listed as far as this processor has it. Calls with
// conditions come after all others and clone is the very last: where a
// condition fails, the assembler goes on to compare the next call's number
// with the argument it looked at, so nothing may follow that this could hit.
func policy(known map[string]int, self int) seccomp.Policy {
	var names []string
	for _, name := range allowed() {
		if _, ok := known[name]; ok {
			names = append(names, name)
		}
	}
	return seccomp.Policy{
		DefaultAction: seccomp.ActionErrno,
		Syscalls: []seccomp.SyscallGroup{
			{Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS), Names: []string{"clone3"}},
			{Action: seccomp.ActionAllow, Names: names},
			{Action: seccomp.ActionAllow, NamesWithCondtions: []seccomp.NameWithConditions{{
				Name:       "tgkill",
				Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.Equal, Value: uint64(self)}}, //nolint:gosec // never negative
			}}},
			{Action: seccomp.ActionAllow, NamesWithCondtions: []seccomp.NameWithConditions{{
				Name:       "clone",
				Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: unix.CLONE_THREAD}},
			}}},
		},
	}
}

// allowed lists the system calls that pass whatever their arguments.
func allowed() []string {
	return []string{
		// What is open already.
		"read", "write", "readv", "writev", "close", "fstat", "lseek",
		// Memory.
		"mmap", "munmap", "mremap", "mprotect", "madvise", "brk",
		// Threads and their bookkeeping.
		"futex", "set_robust_list", "rseq", "sigaltstack", "sched_yield", "sched_getaffinity",
		"exit", "exit_group", "getpid", "getppid", "gettid", "restart_syscall",
		// Signals to oneself.
		"rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
		// Clocks and chance.
		"nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "getrandom",
		// Waiting for files, as Go's runtime does it.
		"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "ppoll", "poll",
	}
}
