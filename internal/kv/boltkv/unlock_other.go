//go:build !unix || solaris || aix

package boltkv

import "os"

// release gives up a file that bbolt can no longer close. Its lock may last
// until the process ends.
func release(f *os.File) error { return f.Close() }
