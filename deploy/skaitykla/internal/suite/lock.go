package suite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// LockedError says that another suite runs on the folder.
type LockedError struct {
	Dir string
	// PID of the other process; empty when it did not say.
	PID string
}

// Error says what to do.
func (e *LockedError) Error() string {
	by := ""
	if e.PID != "" {
		by = " (process " + e.PID + ")"
	}
	return fmt.Sprintf("another suite already runs on %s%s; stop it first, or use another folder with --data", e.Dir, by)
}

// take locks the data folder for this process. The kernel gives it back when
// the process ends, however it ends.
func take(dir string) (*os.File, error) {
	const mode = 0o644
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, mode)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		pid, _ := os.ReadFile(f.Name())
		return nil, errors.Join(&LockedError{Dir: dir, PID: strings.TrimSpace(string(pid))}, f.Close())
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", dir, err), f.Close())
	}
	return f, nil
}
