package ladder

import "time"

// Waits between attempts.
const (
	firstRetry = time.Second
	maxRetry   = 5 * time.Minute
	// maxAttempts is how often a photo is tried that may be at fault; the
	// waits between them add up to about eight minutes.
	maxAttempts = 10
	// maxLosses is how many attempts may be begun at all before the photo is
	// suspected of ending the process that works on it.
	maxLosses = 50
)

// backoff returns how long to wait after so many attempts, from 1: a second,
// and twice as long each time.
func backoff(attempts int32) time.Duration {
	wait := firstRetry
	for ; attempts > 1 && wait < maxRetry; attempts-- {
		wait *= 2
	}
	return min(wait, maxRetry)
}
