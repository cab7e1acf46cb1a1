//go:build !linux

package sandbox

import (
	"errors"
	"fmt"
	"time"
)

// Attempt is one forbidden thing that [Probe] tried.
type Attempt struct {
	Call  string
	Errno int
}

// Limit does nothing where there is no Linux.
func Limit(time.Duration) error { return nil }

// Lock fails where there is no Linux: photos are then only decoded when the
// operator insists.
func Lock() error { return fmt.Errorf("lock: needs Linux: %w", errors.ErrUnsupported) }

// Probe tries nothing.
func Probe() []Attempt { return nil }
