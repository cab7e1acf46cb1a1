package blobs

import (
	"os"

	"golang.org/x/sys/unix"
)

// nameless opens a file that never has a name, or on a file system that does
// not know such files one that loses its name at once.
func nameless(dir string) (*os.File, error) {
	const mode = 0o600
	if file, err := os.OpenFile(dir, unix.O_TMPFILE|os.O_RDWR, mode); err == nil {
		return file, nil
	}
	return hidden(dir)
}
