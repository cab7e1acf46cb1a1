package pixels

import "fmt"

// Reason says why a photo was not rendered. Callers branch on it.
type Reason string

// The reasons. The first six are the photo's fault: the same bytes will fail
// again. Crashed may be either's. Busy and SandboxUnavailable are ours.
const (
	UnsupportedFormat  Reason = "unsupported_format"
	TooManyBytes       Reason = "too_many_bytes"
	TooManyPixels      Reason = "too_many_pixels"
	TooManyFrames      Reason = "too_many_frames"
	Corrupt            Reason = "corrupt" // damaged or cut short
	TooSlow            Reason = "too_slow"
	Crashed            Reason = "crashed"
	Busy               Reason = "busy"
	SandboxUnavailable Reason = "sandbox_unavailable"
)

// Error is what [Processor.Render] returns for everything but a cancelled
// context, a failing reader and a failing emit.
type Error struct {
	Reason Reason
	// Message says what is wrong and what to do, for the person who sent
	// the photo.
	Message string
	// Err is the cause, for the log; it may hold words of the decoder.
	Err error
}

// Error returns the message; the cause is left to the log.
func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s", e.Reason, e.Message)
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }
