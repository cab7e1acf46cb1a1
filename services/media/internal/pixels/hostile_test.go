package pixels_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/sandbox"
)

// chunk frames one part of a PNG.
func chunk(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// hugePNG claims a size in its header and holds a few rows of zeros.
func hugePNG(t *testing.T, width, height uint32) []byte {
	t.Helper()
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	var rows bytes.Buffer
	z := zlib.NewWriter(&rows)
	if _, err := z.Write(make([]byte, 1<<16)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := []byte("\x89PNG\r\n\x1a\n")
	file = append(file, chunk("IHDR", append(header, 1, 0, 0, 0, 0))...)
	file = append(file, chunk("IDAT", rows.Bytes())...)
	return append(file, chunk("IEND", nil)...)
}

// patchedJPEG claims another size than its data has.
func patchedJPEG(t *testing.T, width, height uint16) []byte {
	t.Helper()
	file := snapshot(t, gradient(64, 64))
	at := bytes.Index(file, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(file[at+5:], height)
	binary.BigEndian.PutUint16(file[at+7:], width)
	return file
}

// animation is a GIF of the given number of frames.
func animation(t *testing.T, frames, width, height int) []byte {
	t.Helper()
	var all gif.GIF
	for i := range frames {
		frame := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, color.White})
		frame.SetColorIndex(i%width, 0, 1)
		all.Image = append(all.Image, frame)
		all.Delay = append(all.Delay, 10)
	}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &all); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestRefused(t *testing.T) {
	jpegFile := snapshot(t, gradient(800, 600))
	pngFile := picture(t, 800, 600)
	gifFile := animation(t, 1, 300, 300)
	for _, c := range []struct {
		name string
		file []byte
		want pixels.Reason
	}{
		{"nothing", nil, pixels.Corrupt},
		{"text named .jpg", []byte("Labas rytas, Danija!"), pixels.UnsupportedFormat},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>`), pixels.UnsupportedFormat},
		{"PDF", []byte("%PDF-1.7\n"), pixels.UnsupportedFormat},
		{"PPM", []byte("P6 1 1 255\nabc"), pixels.UnsupportedFormat},
		{"JPEG mark before text", []byte("\xff\xd8\xff and then something else entirely"), pixels.Corrupt},
		{"WebP mark before text", []byte("RIFF\x20\x00\x00\x00WEBP and then something"), pixels.Corrupt},
		{"PNG of 50 000 a side", hugePNG(t, 50_000, 50_000), pixels.TooManyPixels},
		{"PNG of 2^31-1 a side", hugePNG(t, 1<<31-1, 1<<31-1), pixels.Corrupt},
		{"PNG with rows missing", hugePNG(t, 4000, 4000), pixels.Corrupt},
		{"JPEG header of 65 500 a side", patchedJPEG(t, 65500, 65500), pixels.TooManyPixels},
		{"long and thin", picture(t, 16385, 1), pixels.TooManyPixels},
		{"JPEG cut in half", jpegFile[:len(jpegFile)/2], pixels.Corrupt},
		{"JPEG without its last tenth", jpegFile[:len(jpegFile)*9/10], pixels.Corrupt},
		{"PNG cut in half", pngFile[:len(pngFile)/2], pixels.Corrupt},
		{"GIF cut in half", gifFile[:len(gifFile)/2], pixels.Corrupt},
		{"61 frames", animation(t, 61, 8, 8), pixels.TooManyFrames},
		{"60 frames of a megapixel", animation(t, 60, 1000, 1000), pixels.TooManyPixels},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := render(t.Context(), newProcessor(t, nil), c.file, pixels.Job{})
			wantReason(t, err, c.want)
		})
	}
	wantNoChildren(t)
}

func TestTooManyBytes(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) { c.Limits.Bytes = 1000 })
	_, err := render(t.Context(), p, snapshot(t, gradient(100, 100)), pixels.Job{})
	wantReason(t, err, pixels.TooManyBytes)
}

func TestLimitsAreAdjustable(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) {
		c.Limits = pixels.Limits{Pixels: 10_000, HeavyPixels: 5_000, Frames: 2, AnimatedPixels: 150}
	})
	for _, c := range []struct {
		name string
		file []byte
		want pixels.Reason
	}{
		{"still", snapshot(t, gradient(101, 100)), pixels.TooManyPixels},
		{"heavy", encoded(t, picture(t, 80, 80), ".jpg[interlace]"), pixels.TooManyPixels},
		{"interlaced", encoded(t, picture(t, 80, 80), ".png[interlace]"), pixels.TooManyPixels},
		{"avif", encoded(t, picture(t, 80, 80), ".avif[effort=0]"), pixels.TooManyPixels},
		{"frames", animation(t, 3, 4, 4), pixels.TooManyFrames},
		{"animated", animation(t, 2, 10, 10), pixels.TooManyPixels},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := render(t.Context(), p, c.file, pixels.Job{})
			wantReason(t, err, c.want)
		})
	}
	if _, err := render(t.Context(), p, snapshot(t, gradient(100, 100)), pixels.Job{}); err != nil {
		t.Errorf("a photo at the limit: %v", err)
	}
}

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

func TestBombsAreCheap(t *testing.T) {
	const cpu = time.Second
	// The kernel counts the peak of a process that is executed anew from that
	// of its parent on, here of these tests.
	memory := ownPeak(t) + 300<<20
	bombs := map[string][]byte{
		"AVIF":       shared(t, "photos/hostile-bomb-16k.avif"),
		"PNG":        shared(t, "photos/hostile-bomb-50k-1bit.png"),
		"PNG header": hugePNG(t, 50_000, 50_000),
	}
	for name, bomb := range bombs {
		t.Run(name, func(t *testing.T) {
			var m meter
			p := newProcessor(t, func(c *pixels.Config) { c.Logger = slog.New(&m) })
			_, err := render(t.Context(), p, bomb, pixels.Job{})
			wantReason(t, err, pixels.TooManyPixels)
			if m.cpu == 0 || m.cpu > cpu || m.memory > memory {
				t.Errorf("cost %s and %d MB", m.cpu, m.memory>>20)
			}
		})
	}
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

func TestPhotographCutShort(t *testing.T) {
	for _, name := range []string{"photos/truncated.jpg"} {
		_, err := render(t.Context(), newProcessor(t, nil), shared(t, name), pixels.Job{})
		wantReason(t, err, pixels.Corrupt)
	}
	for _, name := range []string{"stazuote-danijoje/hjl.heic", "photos/denali.webp", "photos/hdr-10bit-p3-20mp.avif"} {
		file := shared(t, name)
		_, err := render(t.Context(), newProcessor(t, nil), file[:len(file)/2], pixels.Job{})
		if err == nil || !strings.Contains(err.Error(), string(pixels.Corrupt)) {
			t.Errorf("%s: got %v, want corrupt", name, err)
		}
	}
}

// TestBombThatGetsThroughIsContained lifts the limits, so that the decoder
// itself meets a picture that does not fit into the worker's address space.
func TestBombThatGetsThroughIsContained(t *testing.T) {
	if sandbox.RaceEnabled {
		t.Skip("the race detector needs more address space than the limit allows")
	}
	p := newProcessor(t, func(c *pixels.Config) {
		c.Limits = pixels.Limits{Pixels: 1 << 40, HeavyPixels: 1 << 40, Side: 1 << 20}
	})
	_, err := render(t.Context(), p, shared(t, "photos/hostile-bomb-16k.avif"), pixels.Job{})
	if e, ok := errors.AsType[*pixels.Error](err); !ok || (e.Reason != pixels.Corrupt && e.Reason != pixels.Crashed) {
		t.Errorf("got %v, want corrupt or crashed", err)
	}
	if _, err := render(t.Context(), p, picture(t, 40, 30), pixels.Job{}); err != nil {
		t.Errorf("the next photo: %v", err)
	}
}
