package ladder

import (
	"errors"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// busyRetry is what a caller is told to wait when all workers are taken; a
// photo takes a few seconds.
const busyRetry = 5 * time.Second

// explain makes errors of the contract of those of package pixels. Others stay
// as they are.
func explain(err error) error {
	broken, ok := errors.AsType[*pixels.Error](err)
	if !ok {
		return err
	}
	switch broken.Reason {
	case pixels.UnsupportedFormat:
		return fault.Wrap(err, faultv1.Reason_REASON_IMAGE_UNSUPPORTED, "%s", broken.Message)
	case pixels.TooManyBytes, pixels.TooManyPixels, pixels.TooManyFrames, pixels.TooSlow:
		return fault.Wrap(err, faultv1.Reason_REASON_IMAGE_TOO_LARGE, "%s", broken.Message)
	case pixels.Corrupt, pixels.Crashed:
		return fault.Wrap(err, faultv1.Reason_REASON_IMAGE_DAMAGED, "%s", broken.Message)
	case pixels.Busy:
		return fault.Wrap(err, faultv1.Reason_REASON_TOO_MANY_UPLOADS, "%s", broken.Message).RetryAfter(busyRetry)
	case pixels.SandboxUnavailable:
		return fault.Unavailable(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "%s", broken.Message)
	}
	return err
}

// final reports whether the photo itself is at fault, so that trying again
// does not help.
func final(err error) bool {
	e, ok := fault.Of(err)
	return ok && e.Kind == fault.KindInvalid
}
