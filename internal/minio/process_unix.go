package minio

import "golang.org/x/sys/unix"

// terminate asks the process group of pid to end. That it is gone already is
// what we want.
func terminate(pid int) { _ = unix.Kill(-pid, unix.SIGTERM) }

// kill ends the process group of pid at once.
func kill(pid int) { _ = unix.Kill(-pid, unix.SIGKILL) }
