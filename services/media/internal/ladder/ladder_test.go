package ladder

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// What is missing is asked for, and nothing else.
func TestJobFor(t *testing.T) {
	jpeg, webp, avif := mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_WEBP, mediav1.Rendition_FORMAT_AVIF
	all := []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF}
	for _, test := range []struct {
		name         string
		parts        []photo.Part
		formats      []pixels.Format
		ladder, wide []pixels.Format
		crops        int
	}{
		{"everything", photo.Parts(), all, all, all, 4},
		{
			"after the JPEG ladder", photo.Parts()[1:], all, []pixels.Format{pixels.WebP, pixels.AVIF}, all, 4,
		},
		{
			"cut ones", []photo.Part{{Format: jpeg, Cut: true}, {Format: webp, Cut: true}, {Format: avif, Cut: true}}, all, nil, all, 4,
		},
		{
			"AVIF alone",
			[]photo.Part{{Format: avif}, {Format: avif, Cut: true}},
			[]pixels.Format{pixels.AVIF},
			[]pixels.Format{pixels.AVIF},
			[]pixels.Format{pixels.AVIF},
			3,
		},
		{
			"whole WebP", []photo.Part{{Format: webp}}, []pixels.Format{pixels.WebP}, []pixels.Format{pixels.WebP}, nil, 0,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			job := jobFor(&mediav1.Photo{Credit: "Ona", FocalPoint: &mediav1.Photo_FocalPoint{X: 0.2, Y: 1}}, test.parts)
			if diff := cmp.Diff(test.formats, job.Formats); diff != "" {
				t.Errorf("formats (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.ladder, job.LadderFormats); diff != "" || (len(job.Widths) > 0) != (test.ladder != nil) {
				t.Errorf("ladder of %v (-want +got):\n%s", job.Widths, diff)
			}
			if len(job.Crops) != test.crops || test.crops > 0 && !cmp.Equal(test.wide, job.Crops[0].Formats) {
				t.Errorf("crops = %+v, want %d, the first in %v", job.Crops, test.crops, test.wide)
			}
			if job.Focus.X != 0.2 || job.Focus.Y != 1 || job.Credit != "Ona" {
				t.Errorf("focus %v, credit %q", job.Focus, job.Credit)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for reason, want := range map[pixels.Reason]struct {
		reason  faultv1.Reason
		verdict verdict
	}{
		pixels.UnsupportedFormat:  {faultv1.Reason_REASON_IMAGE_UNSUPPORTED, never},
		pixels.TooManyBytes:       {faultv1.Reason_REASON_IMAGE_TOO_LARGE, never},
		pixels.TooManyPixels:      {faultv1.Reason_REASON_IMAGE_TOO_LARGE, never},
		pixels.TooManyFrames:      {faultv1.Reason_REASON_IMAGE_TOO_LARGE, never},
		pixels.TooSlow:            {faultv1.Reason_REASON_IMAGE_TOO_LARGE, again},
		pixels.Corrupt:            {faultv1.Reason_REASON_IMAGE_DAMAGED, never},
		pixels.Crashed:            {faultv1.Reason_REASON_IMAGE_DAMAGED, again},
		pixels.Busy:               {faultv1.Reason_REASON_TOO_MANY_UPLOADS, outage},
		pixels.SandboxUnavailable: {faultv1.Reason_REASON_SERVICE_UNAVAILABLE, outage},
	} {
		err := explain(&pixels.Error{Reason: reason, Message: "do this"})
		e, ok := fault.Of(err)
		if !ok || e.Reason != want.reason || e.Message != "do this" {
			t.Errorf("%s becomes %v, want %v", reason, err, want.reason)
		}
		if got := judge(err); got != want.verdict {
			t.Errorf("judge(%s) = %v, want %v", reason, got, want.verdict)
		}
	}
	if other := errors.New("other"); !errors.Is(explain(other), other) {
		t.Error("an error of others is not left alone")
	}
	away := fault.Unavailable(io.EOF, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE, "away")
	for err, want := range map[error]verdict{
		away: outage, fmt.Errorf("put: %w", away): outage, blobs.ErrNotFound: again, context.DeadlineExceeded: again,
	} {
		if got := judge(err); got != want {
			t.Errorf("judge(%v) = %v, want %v", err, got, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	for attempts, want := range map[int32]time.Duration{
		0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 9: 256 * time.Second, 10: 5 * time.Minute, 1 << 30: 5 * time.Minute,
	} {
		if got := backoff(attempts); got != want {
			t.Errorf("backoff(%d) = %s, want %s", attempts, got, want)
		}
	}
}

func TestDescribeIsShortText(t *testing.T) {
	long := describe(errors.New("ąąąąąą" + fmt.Sprintf("%0400d", 1)))
	if len(long) > 300 || describe(explain(&pixels.Error{Reason: pixels.Corrupt, Message: "export it again"})) != "export it again" {
		t.Errorf("describe = %q", long)
	}
}
