//go:build unix && !linux

package minio

import "syscall"

// attributes put the child into a process group of its own. Other systems
// than Linux offer no way to end it when we are killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
