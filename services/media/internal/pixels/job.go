package pixels

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// What a [Job] may ask for.
const (
	minWidth  = 16
	maxWidth  = 8192
	maxWidths = 16
	maxCrops  = 8
	maxAspect = 10_000
	maxText   = 500
)

// complete returns the job with its defaults, or says what is wrong with it,
// which is the caller's mistake rather than the photo's.
func (j Job) complete() (Job, error) {
	if len(j.Widths) == 0 && len(j.Crops) == 0 {
		j.Widths = []int{320, 640, 960, 1280, 1920, 2560}
	}
	if len(j.Formats) == 0 {
		j.Formats = []Format{JPEG, WebP}
	}
	if err := cmp.Or(checkWidths(j.Widths), checkFormats(j.Formats), checkFormats(j.LadderFormats), checkCrops(j.Crops)); err != nil {
		return Job{}, fmt.Errorf("job: %w", err)
	}
	if j.Focus != nil && !isFocus(*j.Focus) {
		return Job{}, fmt.Errorf("job: focal point %v is not within 0 to 1", *j.Focus)
	}
	j.Credit, j.Copyright, j.License = cut(j.Credit), cut(j.Copyright), cut(j.License)
	return j, nil
}

func checkWidths(widths []int) error {
	if len(widths) > maxWidths {
		return fmt.Errorf("%d widths, at most %d are made", len(widths), maxWidths)
	}
	for _, w := range widths {
		if w < minWidth || w > maxWidth {
			return fmt.Errorf("width %d is not within %d to %d", w, minWidth, maxWidth)
		}
	}
	return nil
}

func checkFormats(formats []Format) error {
	for i, f := range formats {
		if f != JPEG && f != WebP && f != AVIF {
			return fmt.Errorf("format %q cannot be made, only %q, %q and %q", f, JPEG, WebP, AVIF)
		}
		if slices.Contains(formats[:i], f) {
			return fmt.Errorf("format %q is asked for twice", f)
		}
	}
	return nil
}

func checkCrops(crops []CropSpec) error {
	if len(crops) > maxCrops {
		return fmt.Errorf("%d crops, at most %d are made", len(crops), maxCrops)
	}
	name := regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	seen := make(map[string]bool, len(crops))
	for _, c := range crops {
		if !name.MatchString(c.Name) || seen[c.Name] {
			return fmt.Errorf("crop %q: the name is taken or not 1 to 32 of a-z, 0-9 and -", c.Name)
		}
		seen[c.Name] = true
		if min(c.AspectWidth, c.AspectHeight) < 1 || max(c.AspectWidth, c.AspectHeight) > maxAspect {
			return fmt.Errorf("crop %q: %d:%d is no shape", c.Name, c.AspectWidth, c.AspectHeight)
		}
		if len(c.Widths) == 0 {
			return fmt.Errorf("crop %q: no widths", c.Name)
		}
		if err := cmp.Or(checkWidths(c.Widths), checkFormats(c.Formats)); err != nil {
			return fmt.Errorf("crop %q: %w", c.Name, err)
		}
	}
	return nil
}

// isFocus accepts points within the photo; the comparisons fail for NaN.
func isFocus(p FocalPoint) bool { return p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1 }

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
