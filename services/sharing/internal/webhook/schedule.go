package webhook

import (
	"math"
	"time"
)

// When deliveries are tried again. The waits grow threefold from FirstRetry to
// MaxRetry, each up to a fifth shorter or longer by chance; what fails at
// GiveUpAfter or later is given up.
const (
	FirstRetry  = 10 * time.Second
	MaxRetry    = 6 * time.Hour
	GiveUpAfter = 72 * time.Hour

	// KeptAttempts is how many attempts are kept of a delivery.
	KeptAttempts = 20
	// KeptFor is how long a delivery is kept after its end.
	KeptFor = 30 * 24 * time.Hour
)

// Backoff returns how long to wait after so many failed attempts, from 1.
// chance is a random number from 0 to below 1.
func Backoff(attempts int32, chance float64) time.Duration {
	wait := min(float64(MaxRetry), float64(FirstRetry)*math.Pow(3, float64(max(0, attempts-1))))
	return time.Duration(wait * (0.8 + 0.4*chance))
}

// Outcome is what became of an attempt.
type Outcome struct {
	// Start is when it began, Duration how long it took.
	Start    time.Time
	Duration time.Duration
	// Status is the HTTP status of the answer; 0 when there was none.
	Status int
	// Failure says why it failed; empty when the receiver took the message.
	Failure string
	// Gone says that the receiver wants no more messages at all.
	Gone bool
	// Canceled says that the sender stopped in the middle: the attempt counts
	// for nothing and comes again.
	Canceled bool
	// RetryAfter is how long the receiver asks to be left alone.
	RetryAfter time.Duration
	// Chance is a random number from 0 to below 1, for the next wait.
	Chance float64
}

// Next returns when a delivery is tried again whose attempt, the given one
// since from, has failed at the given time; zero when it is given up.
func (o Outcome) Next(attempts int32, from, now time.Time) time.Time {
	if o.Gone || now.Sub(from) >= GiveUpAfter {
		return time.Time{}
	}
	return now.Add(max(Backoff(attempts, o.Chance), o.RetryAfter)).Truncate(time.Microsecond)
}
