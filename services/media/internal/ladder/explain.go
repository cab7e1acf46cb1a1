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

// verdict says what an error of an attempt means for the next one.
type verdict int

const (
	// again: the photo or something around it may be at fault.
	again verdict = iota
	// outage: something that all photos need is away; the photo is not at fault.
	outage
	// never: the same bytes will fail again.
	never
)

// judge returns the verdict on the error of an attempt.
func judge(err error) verdict {
	if broken, ok := errors.AsType[*pixels.Error](err); ok {
		switch broken.Reason {
		case pixels.UnsupportedFormat, pixels.TooManyBytes, pixels.TooManyPixels, pixels.TooManyFrames, pixels.Corrupt:
			return never
		case pixels.Busy, pixels.SandboxUnavailable:
			return outage
		case pixels.TooSlow, pixels.Crashed: // the machine may have been loaded or out of memory
			return again
		}
	}
	if errors.Is(err, errOtherBytes) {
		return never
	}
	if e, ok := fault.Of(err); ok && e.Kind == fault.KindUnavailable {
		return outage
	}
	return again
}
