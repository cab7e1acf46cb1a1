package photo

import (
	"errors"
	"time"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// ErrLost says that a holder no longer has its lease: it took too long, or
// nothing is wanted any more.
var ErrLost = errors.New("the lease of a photo was lost")

// Lease is the right to make renditions of a photo, which one holder has at a
// time.
type Lease struct {
	// Holder is a text that nobody else uses.
	Holder string
	// Until is when others may take it.
	Until time.Time
}

// Work is what the holder of a lease is to make.
type Work struct {
	Name  Name
	Photo *mediav1.Photo
	// Parts are what is wanted, in the order it is made.
	Parts []Part
	// Attempt counts the attempts, this one included.
	Attempt int32
}

// Outcome is how an attempt ended that left something to be made.
type Outcome struct {
	// Failure says why, for the operator; empty when the attempt was broken
	// off for no fault of the photo, and then it does not count.
	Failure string
	// Retry is when to try again; the zero time means never.
	Retry time.Time
}
