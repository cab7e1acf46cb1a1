package pixels_test

import (
	"context"
	"errors"
	"image/color"
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/sandbox"
)

// meter is a log handler that reads what workers cost.
type meter struct {
	cpu    time.Duration
	memory int64
}

func (m *meter) Enabled(context.Context, slog.Level) bool { return true }
func (m *meter) WithAttrs([]slog.Attr) slog.Handler       { return m }
func (m *meter) WithGroup(string) slog.Handler            { return m }

func (m *meter) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "cpu":
			m.cpu += a.Value.Duration()
		case "memory":
			m.memory = max(m.memory, a.Value.Int64())
		}
		return true
	})
	return nil
}

// bombs are small files that claim to be large pictures, or are.
func bombs(t *testing.T) map[string][]byte {
	t.Helper()
	source := phototest.PNG(t, phototest.Gradient(64, 64))
	film := phototest.Animated(t, phototest.Frames(t, 3, 64, 64), ".webp")
	return map[string][]byte{
		"PNG of 20 000 a side":              phototest.BlackPNG(t, 20_000, 20_000, 20_000),
		"PNG of 16 000 a side":              phototest.BlackPNG(t, 16_000, 16_000, 16_000),
		"PNG that claims 50 000":            phototest.BlackPNG(t, 50_000, 50_000, 10),
		"JPEG that claims 65 500":           phototest.LyingJPEG(t, phototest.JPEG(t, phototest.Gradient(64, 64)), 65500, 65500),
		"progressive JPEG that claims 7000": phototest.LyingJPEG(t, phototest.Encoded(t, source, ".jpg[interlace]"), 7000, 7000),
		"AVIF that claims 16 000":           phototest.LyingHEIF(t, phototest.Encoded(t, source, ".avif[effort=0]"), 16_000, 16_000),
		"HEIC that claims 7000":             phototest.LyingHEIF(t, phototest.Encoded(t, source, ".heic"), 7000, 7000),
		"GIF of 40 megapixel frames":        phototest.GIF(t, 5000, 4001, color.White, color.Black),
		"WebP animation that claims 16 000": phototest.LyingWebP(t, film, 16_000, 16_000),
		"TIFF that claims 60 000":           phototest.LyingTIFF(60_000, 60_000),
		"TIFF that claims 16 000":           phototest.LyingTIFF(16_000, 16_000),
	}
}

// TestBombs wants each refused by its header, at the price of a process.
func TestBombs(t *testing.T) {
	all := bombs(t)
	// Kept outside of the project.
	for _, name := range []string{"photos/hostile-bomb-16k.avif", "photos/hostile-bomb-50k-1bit.png"} {
		if file, ok := sharedIfHere(t, name); ok {
			all[name] = file
		} else {
			t.Logf("without %s, which is not here", name)
		}
	}
	for name, bomb := range all {
		t.Run(name, func(t *testing.T) { refusedCheaply(t, bomb, pixels.TooManyPixels) })
	}
	t.Run("GIF of 2000 frames", func(t *testing.T) { refusedCheaply(t, phototest.Frames(t, 2000, 8, 8), pixels.TooManyFrames) })
	t.Run("WebP of 61 frames", func(t *testing.T) {
		refusedCheaply(t, phototest.Animated(t, phototest.Frames(t, 61, 8, 8), ".webp"), pixels.TooManyFrames)
	})
	t.Run("TIFF of 61 pages", func(t *testing.T) {
		refusedCheaply(t, phototest.Animated(t, phototest.Frames(t, 61, 8, 8), ".tif"), pixels.TooManyFrames)
	})
}

func refusedCheaply(t *testing.T, bomb []byte, want pixels.Reason) {
	t.Helper()
	_, err := measured(t, bomb, pixels.Job{}, time.Second, 200<<20)
	wantReason(t, err, want)
}

// measured renders a photo and wants it to cost no more processor time and
// memory than given.
func measured(t *testing.T, photo []byte, job pixels.Job, cpu time.Duration, memory int64) (result, error) {
	t.Helper()
	// The kernel counts the peak of a process that is executed anew from that
	// of its parent on, here of these tests.
	before := ownPeak(t)
	var m meter
	p := newProcessor(t, func(c *pixels.Config) { c.Logger = slog.New(&m) })
	got, err := render(t.Context(), p, photo, job)
	if m.cpu == 0 || m.cpu > cpu || m.memory > before+memory {
		t.Errorf("cost %s and %d MB, want at most %s and %d MB", m.cpu, m.memory>>20, cpu, (before+memory)>>20)
	}
	t.Logf("%s and %d MB, counted from %d MB on", m.cpu, m.memory>>20, before>>20)
	return got, err
}

// ownPeak is the largest resident size of this process so far, in bytes.
func ownPeak(t *testing.T) int64 {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return usage.Maxrss << 10
}

// TestHeadersThatLie are photos within the limits by their header, which their
// data are not, or far from it. What they cost is bounded, and no pixel that is
// not there is made up.
func TestHeadersThatLie(t *testing.T) {
	source := phototest.PNG(t, phototest.Gradient(64, 64))
	plain := phototest.JPEG(t, phototest.Gradient(64, 64))
	for name, file := range map[string][]byte{
		"JPEG of 9000 a side":             phototest.LyingJPEG(t, plain, 9000, 9000),
		"JPEG smaller than it is":         phototest.LyingJPEG(t, plain, 0, 64),
		"progressive JPEG of 6000 a side": phototest.LyingJPEG(t, phototest.Encoded(t, source, ".jpg[interlace]"), 6000, 6000),
		"PNG with rows missing":           phototest.BlackPNG(t, 9000, 9000, 100),
		"TIFF of 9000 a side":             phototest.LyingTIFF(9000, 9000),
		"AVIF of 6000 a side":             phototest.LyingHEIF(t, phototest.Encoded(t, source, ".avif[effort=0]"), 6000, 6000),
		"HEIC of 6000 a side":             phototest.LyingHEIF(t, phototest.Encoded(t, source, ".heic"), 6000, 6000),
		"TIFF without a picture":          phototest.LoopingTIFF(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := measured(t, file, pixels.Job{}, 5*time.Second, 400<<20)
			wantReason(t, err, pixels.Corrupt)
		})
	}
}

// TestLargestAllowed is what the worst that passes the header check costs.
func TestLargestAllowed(t *testing.T) {
	for name, file := range map[string][]byte{
		"PNG of 100 megapixels":             phototest.BlackPNG(t, 10_000, 10_000, 10_000),
		"progressive JPEG of 40 megapixels": phototest.Encoded(t, phototest.BlackPNG(t, 6_320, 6_320, 6_320), ".jpg[interlace]"),
		"GIF of 40 megapixels in 60 frames": phototest.Frames(t, 60, 816, 816),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := measured(t, file, pixels.Job{Widths: []int{640}}, 10*time.Second, 400<<20); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestBombThatGetsThroughIsContained has a header that lies about a picture
// which does not fit into the worker's address space.
func TestBombThatGetsThroughIsContained(t *testing.T) {
	if sandbox.RaceEnabled {
		t.Skip("the race detector needs more address space than the limit allows; `make test` runs this once more without it")
	}
	p := newProcessor(t, nil)
	bomb := phototest.LyingHEIF(t, shared(t, "photos/hostile-bomb-16k.avif"), 200, 200)
	_, err := render(t.Context(), p, bomb, pixels.Job{})
	if e, ok := errors.AsType[*pixels.Error](err); !ok || (e.Reason != pixels.Corrupt && e.Reason != pixels.Crashed) {
		t.Errorf("got %v, want corrupt or crashed", err)
	}
	if _, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{}); err != nil {
		t.Errorf("the next photo: %v", err)
	}
}
