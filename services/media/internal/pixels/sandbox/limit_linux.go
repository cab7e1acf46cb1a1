package sandbox

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// The limits of one worker. Go and libvips need 2 GB of address space to
// start; what a decoder asks for beyond 3 GB fails cleanly.
const (
	addressSpace = 3 << 30
	openFiles    = 64
)

// Limit bounds what this process may use: 3 GB of address space, the given
// processor time in whole seconds, 64 open files, no core dump and no growth
// of files. Under the race detector, which maps terabytes, the address space
// stays unbounded.
func Limit(cpu time.Duration) error {
	seconds := uint64(max(1, (cpu+time.Second-1)/time.Second))
	limits := []struct {
		name     string
		resource int
		value    uint64
	}{
		{"address space", unix.RLIMIT_AS, addressSpace},
		{"processor time", unix.RLIMIT_CPU, seconds},
		{"open files", unix.RLIMIT_NOFILE, openFiles},
		{"core dump", unix.RLIMIT_CORE, 0},
		{"file size", unix.RLIMIT_FSIZE, 0},
	}
	for _, l := range limits {
		if l.resource == unix.RLIMIT_AS && RaceEnabled {
			continue
		}
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.value, Max: l.value}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	return nil
}
