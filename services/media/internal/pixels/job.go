package pixels

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// What a [Job] may ask for.
const (
	minWidth  = 16
	maxWidth  = 8192
	maxWidths = 16
	maxText   = 500
)

// complete returns the job with its defaults, or says what is wrong with it,
// which is the caller's mistake rather than the photo's.
func (j Job) complete() (Job, error) {
	if len(j.Widths) == 0 {
		j.Widths = []int{320, 640, 960, 1280, 1920, 2560}
	}
	if len(j.Formats) == 0 {
		j.Formats = []Format{JPEG, WebP}
	}
	if len(j.Widths) > maxWidths {
		return Job{}, fmt.Errorf("job: %d widths, at most %d are made", len(j.Widths), maxWidths)
	}
	for _, w := range j.Widths {
		if w < minWidth || w > maxWidth {
			return Job{}, fmt.Errorf("job: width %d is not within %d to %d", w, minWidth, maxWidth)
		}
	}
	for i, f := range j.Formats {
		if f != JPEG && f != WebP && f != AVIF {
			return Job{}, fmt.Errorf("job: format %q cannot be made, only %q, %q and %q", f, JPEG, WebP, AVIF)
		}
		if slices.Contains(j.Formats[:i], f) {
			return Job{}, fmt.Errorf("job: format %q is asked for twice", f)
		}
	}
	j.Credit, j.Copyright = cut(j.Credit), cut(j.Copyright)
	return j, nil
}

// cut shortens text to maxText bytes of valid UTF-8.
func cut(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), maxText)], "")
}

// complete returns the limits with defaults in place of zeros.
func (l Limits) complete() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes:          cmp.Or(l.Bytes, d.Bytes),
		Pixels:         cmp.Or(l.Pixels, d.Pixels),
		HeavyPixels:    cmp.Or(l.HeavyPixels, d.HeavyPixels),
		Side:           cmp.Or(l.Side, d.Side),
		Frames:         cmp.Or(l.Frames, d.Frames),
		AnimatedPixels: cmp.Or(l.AnimatedPixels, d.AnimatedPixels),
		Time:           cmp.Or(l.Time, d.Time),
	}
}
