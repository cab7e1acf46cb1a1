package minio

import "syscall"

// attributes put the child into a process group of its own, so that a Ctrl-C
// meant for us does not reach it before we stop it in order, and let the
// kernel end it when we are killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
