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

// Error is what [Processor.Render] returns whenever the photo, or our being
// busy or unsafe, is why it was not rendered.
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

// failure makes the error for a reason, with advice that names the limits.
func failure(reason Reason, limits Limits, cause error) *Error {
	return &Error{Reason: reason, Message: advice(reason, limits), Err: cause}
}

func advice(reason Reason, limits Limits) string {
	switch reason {
	case UnsupportedFormat:
		return "send a photo as JPEG, PNG, WebP, AVIF, HEIC, GIF or TIFF"
	case TooManyBytes:
		return fmt.Sprintf("send a file of at most %d MB", limits.Bytes>>20)
	case TooManyPixels:
		return fmt.Sprintf("send a photo of at most %d megapixels (%d as HEIC, AVIF, progressive or interlaced; "+
			"%d in all frames of an animation) and %d pixels a side",
			limits.Pixels/1e6, limits.HeavyPixels/1e6, limits.AnimatedPixels/1e6, limits.Side)
	case TooManyFrames:
		return fmt.Sprintf("send a file of at most %d frames or pages", limits.Frames)
	case Corrupt:
		return "the file is damaged or was cut short: export or copy it again"
	case TooSlow:
		return fmt.Sprintf("the photo takes more than %s to decode: send a smaller one or save it as a plain JPEG", limits.Time)
	case Crashed:
		return "the photo broke the decoder: open it in an image editor and save it as a JPEG"
	case Busy:
		return "other photos are being worked on: try again in a minute"
	case SandboxUnavailable:
		return "photos cannot be decoded safely on this machine: the operator must run the service on Linux with seccomp, " +
			"or accept the risk by --insecure-decoding"
	}
	return "the photo could not be used"
}
