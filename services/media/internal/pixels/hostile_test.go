package pixels_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

func TestRefused(t *testing.T) {
	jpegFile := phototest.JPEG(t, phototest.Gradient(800, 600))
	pngFile := phototest.PNG(t, phototest.Gradient(800, 600))
	gifFile := phototest.Frames(t, 1, 300, 300)
	for _, c := range []struct {
		name string
		file []byte
		want pixels.Reason
	}{
		{"nothing", nil, pixels.Corrupt},
		{"zero bytes", make([]byte, 5000), pixels.UnsupportedFormat},
		{"zero bytes behind a JPEG mark", append([]byte("\xff\xd8\xff"), make([]byte, 5000)...), pixels.Corrupt},
		{"zero bytes behind a PNG mark", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 5000)...), pixels.Corrupt},
		{"zero bytes behind a GIF mark", append([]byte("GIF89a"), make([]byte, 5000)...), pixels.Corrupt},
		{"zero bytes behind a TIFF mark", append([]byte("II*\x00"), make([]byte, 5000)...), pixels.Corrupt},
		{"zero bytes behind a HEIC mark", append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 5000)...), pixels.Corrupt},
		{"text named .jpg", []byte("Labas rytas, Danija!"), pixels.UnsupportedFormat},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>`), pixels.UnsupportedFormat},
		{"SVG behind a declaration", []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg>&a;</svg>`), pixels.UnsupportedFormat},
		{"SVG behind a JPEG mark", []byte("\xff\xd8\xff<svg xmlns='http://www.w3.org/2000/svg'/>"), pixels.Corrupt},
		{"PDF", []byte("%PDF-1.7\n"), pixels.UnsupportedFormat},
		{"PDF behind a TIFF mark", []byte("II*\x00%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n"), pixels.Corrupt},
		{"HTML", []byte("<!doctype html><script>alert(1)</script>"), pixels.UnsupportedFormat},
		{"a Postscript program", []byte("%!PS-Adobe-3.0 EPSF-3.0\n"), pixels.UnsupportedFormat},
		{"PPM", []byte("P6 1 1 255\nabc"), pixels.UnsupportedFormat},
		{"JPEG mark before text", []byte("\xff\xd8\xff and then something else entirely"), pixels.Corrupt},
		{"WebP mark before text", []byte("RIFF\x20\x00\x00\x00WEBP and then something"), pixels.Corrupt},
		{"PNG of 50 000 a side", phototest.BlackPNG(t, 50_000, 50_000, 10), pixels.TooManyPixels},
		{"PNG of 2^31-1 a side", phototest.BlackPNG(t, 1<<31-1, 1<<31-1, 0), pixels.Corrupt},
		{"PNG with rows missing", phototest.BlackPNG(t, 4000, 4000, 100), pixels.Corrupt},
		{"JPEG header of 65 500 a side", phototest.LyingJPEG(t, jpegFile, 65500, 65500), pixels.TooManyPixels},
		{"long and thin", phototest.PNG(t, phototest.Gradient(16385, 1)), pixels.TooManyPixels},
		{"JPEG cut in half", jpegFile[:len(jpegFile)/2], pixels.Corrupt},
		{"JPEG without its last tenth", jpegFile[:len(jpegFile)*9/10], pixels.Corrupt},
		{"PNG cut in half", pngFile[:len(pngFile)/2], pixels.Corrupt},
		{"GIF cut in half", gifFile[:len(gifFile)/2], pixels.Corrupt},
		{"61 frames", phototest.Frames(t, 61, 8, 8), pixels.TooManyFrames},
		{"60 frames of a megapixel", phototest.Frames(t, 60, 1000, 1000), pixels.TooManyPixels},
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
	_, err := render(t.Context(), p, phototest.JPEG(t, phototest.Gradient(100, 100)), pixels.Job{})
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
		{"still", phototest.JPEG(t, phototest.Gradient(101, 100)), pixels.TooManyPixels},
		{"heavy", phototest.Encoded(t, phototest.PNG(t, phototest.Gradient(80, 80)), ".jpg[interlace]"), pixels.TooManyPixels},
		{"interlaced", phototest.Encoded(t, phototest.PNG(t, phototest.Gradient(80, 80)), ".png[interlace]"), pixels.TooManyPixels},
		{"avif", phototest.Encoded(t, phototest.PNG(t, phototest.Gradient(80, 80)), ".avif[effort=0]"), pixels.TooManyPixels},
		{"frames", phototest.Frames(t, 3, 4, 4), pixels.TooManyFrames},
		{"animated", phototest.Frames(t, 2, 10, 10), pixels.TooManyPixels},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := render(t.Context(), p, c.file, pixels.Job{})
			wantReason(t, err, c.want)
		})
	}
	if _, err := render(t.Context(), p, phototest.JPEG(t, phototest.Gradient(100, 100)), pixels.Job{}); err != nil {
		t.Errorf("a photo at the limit: %v", err)
	}
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
