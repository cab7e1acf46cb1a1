package worker

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

func TestCheck(t *testing.T) {
	limits := wire.Limits{Pixels: 1000, HeavyPixels: 500, Side: 100, Frames: 3, AnimatedPixels: 800}
	const jpegLoader, gifLoader = "VipsForeignLoadJpegBuffer", "VipsForeignLoadNsgifBuffer"
	for _, c := range []struct {
		name, mediaType string
		header          vips.Header
		want            string
	}{
		{"at the limit", "image/jpeg", vips.Header{Loader: jpegLoader, Width: 100, Height: 10, Pages: 1}, ""},
		{"a pixel more", "image/jpeg", vips.Header{Loader: jpegLoader, Width: 91, Height: 11, Pages: 1}, "too_many_pixels"},
		{"too long", "image/jpeg", vips.Header{Loader: jpegLoader, Width: 101, Height: 1, Pages: 1}, "too_many_pixels"},
		{"progressive", "image/jpeg", vips.Header{Loader: jpegLoader, Width: 51, Height: 10, Pages: 1, Heavy: true}, "too_many_pixels"},
		{"HEIC", "image/heic", vips.Header{Loader: "VipsForeignLoadHeifBuffer", Width: 51, Height: 10, Pages: 1}, "too_many_pixels"},
		{"frames", "image/gif", vips.Header{Loader: gifLoader, Width: 1, Height: 1, Pages: 4}, "too_many_frames"},
		{"animated", "image/gif", vips.Header{Loader: gifLoader, Width: 41, Height: 10, Pages: 2}, "too_many_pixels"},
		{"another kind", "image/png", vips.Header{Loader: jpegLoader, Width: 1, Height: 1, Pages: 1}, "unsupported_format"},
		{"unknown kind", "image/bmp", vips.Header{Loader: jpegLoader, Width: 1, Height: 1, Pages: 1}, "unsupported_format"},
		{"no size", "image/jpeg", vips.Header{Loader: jpegLoader, Pages: 1}, "corrupt"},
		{"size that overflows", "image/jpeg", vips.Header{Loader: jpegLoader, Width: 1 << 31, Height: 1 << 31, Pages: 1}, "too_many_pixels"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := check(c.header, wire.Request{MediaType: c.mediaType, Limits: limits})
			got := ""
			if r, ok := errors.AsType[*refusal](err); ok {
				got = r.reason
			}
			if got != c.want || (err == nil) != (c.want == "") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestDominant(t *testing.T) {
	for _, c := range []struct {
		name string
		rgba []byte
		want string
	}{
		{"nothing", nil, "#ffffff"},
		{"one", []byte{1, 2, 3, 255}, "#010203"},
		{"most", []byte{250, 0, 0, 255, 0, 0, 200, 255, 0, 0, 202, 255}, "#0000c9"},
		{"transparent does not count", []byte{9, 9, 9, 0, 9, 9, 9, 0, 0, 99, 0, 10}, "#006300"},
		{"invisible", []byte{9, 9, 9, 0}, "#ffffff"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := dominant(c.rgba); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestMainWithoutRequest(t *testing.T) {
	for _, input := range []string{"", "Q", "Q\xff\xff\xff\xff\x00\x00\x00\x00", "Q\x00\x00\x00\x01\x00\x00\x00\x00{"} {
		var stdout, stderr bytes.Buffer
		if exit := Main(strings.NewReader(input), &stdout, &stderr); exit != ExitBroken || stderr.Len() == 0 || stdout.Len() > 0 {
			t.Errorf("%q: exit %d, %q, %q", input, exit, stdout.String(), stderr.String())
		}
	}
}
