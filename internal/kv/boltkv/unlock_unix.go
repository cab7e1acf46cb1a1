//go:build unix && !solaris && !aix

package boltkv

import (
	"errors"
	"os"
	"syscall"
)

// release gives up the lock of a file that bbolt can no longer close. Closing
// alone would not: the lock lives as long as the file is mapped.
func release(f *os.File) error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
}
