// Package vips is a thin binding of the dozen libvips calls that [pixels]
// needs, no more. It offers whole steps (read a header, decode a master,
// shrink, encode), each one crossing into C.
//
// It decodes in this process: hand it untrusted bytes only where a crash and a
// takeover are contained, which is in a worker. Only the readers of JPEG, PNG,
// WebP, GIF, HEIF and TIFF are open; all others are blocked.
//
// Errors hold libvips' own words, which may be empty or mixed up between
// threads: they are for the log.
package vips

// #cgo pkg-config: vips
// #include "shim.h"
import "C"

import (
	"errors"
	"fmt"
	"image/color"
	"strings"
	"unsafe"
)

// Start initializes libvips: one thread per image, no cache, unused readers
// blocked. Call it once per process, before anything else here.
func Start() error {
	if C.sk_start() != 0 {
		return failure("start libvips")
	}
	return nil
}

// Image is a decoded picture in C memory: 8 bit sRGB, perhaps with alpha,
// upright, without metadata but for what Label attaches. Close it.
type Image struct {
	ptr     *C.VipsImage
	labeled bool
}

// Close frees the pixels. The image must not be used after it.
func (i *Image) Close() {
	if i.ptr != nil {
		C.g_object_unref(C.gpointer(i.ptr))
		i.ptr = nil
	}
}

// Width in pixels.
func (i *Image) Width() int { return int(i.ptr.Xsize) }

// Height in pixels, of one frame.
func (i *Image) Height() int { return int(C.vips_image_get_page_height(i.ptr)) }

// Master decodes the first frame of data, or all of a GIF or WebP when it is
// animated, shrunk to fit width and height and never enlarged, upright and
// converted to sRGB. Data cut short is an error. It does not keep data.
func Master(data []byte, width, height int, animated bool) (*Image, error) {
	var image Image
	if len(data) == 0 {
		return nil, errors.New("decode: no data")
	}
	if C.sk_master(unsafe.Pointer(&data[0]), C.size_t(len(data)), C.int(width), C.int(height), flag(animated), &image.ptr) != 0 {
		return nil, failure("decode")
	}
	return &image, nil
}

// Cut returns a copy of the part at left and top that is cutWidth wide and
// cutHeight high, scaled to exactly width and height.
func (i *Image) Cut(left, top, cutWidth, cutHeight, width, height int) (*Image, error) {
	image := Image{labeled: i.labeled}
	area := C.sk_area{C.int(left), C.int(top), C.int(cutWidth), C.int(cutHeight)}
	if C.sk_cut(i.ptr, area, C.int(width), C.int(height), &image.ptr) != 0 {
		return nil, failure("cut")
	}
	return &image, nil
}

// At returns the color of one pixel, counted from the top left of all frames,
// which stand below one another. It serves tests.
func (i *Image) At(x, y int) color.NRGBA {
	var point *C.double
	var bands C.int
	if C.sk_point(i.ptr, C.int(x), C.int(y), &point, &bands) != 0 {
		return color.NRGBA{}
	}
	defer C.g_free(C.gpointer(point))
	at := unsafe.Slice(point, int(bands))
	c := color.NRGBA{R: uint8(at[0]), G: uint8(at[1]), B: uint8(at[2]), A: 255}
	if bands > 3 {
		c.A = uint8(at[3])
	}
	return c
}

// Attention is the point that draws the eye, as parts of width and height:
// where edges are strong, colors saturated, or skin is shown.
func (i *Image) Attention() (x, y float64, err error) {
	var left, top C.int
	if C.sk_attention(i.ptr, &left, &top) != 0 {
		return 0, 0, failure("look for what draws the eye")
	}
	part := func(at, whole int) float64 { return min(1, max(0, (float64(at)+0.5)/float64(whole))) }
	return part(int(left), i.Width()), part(int(top), i.Height()), nil
}

// Thumbnail is what most programs call to decode and shrink in one: colors are
// always converted and nothing is refused. It serves benchmarks.
func Thumbnail(data []byte, width int) (*Image, error) {
	var image Image
	if C.sk_thumbnail(unsafe.Pointer(&data[0]), C.size_t(len(data)), C.int(width), &image.ptr) != 0 {
		return nil, failure("make a thumbnail")
	}
	return &image, nil
}

// Shrink returns a copy scaled to exactly width and height.
func (i *Image) Shrink(width, height int) (*Image, error) {
	image := Image{labeled: i.labeled}
	if C.sk_shrink(i.ptr, C.int(width), C.int(height), &image.ptr) != 0 {
		return nil, failure("shrink")
	}
	return &image, nil
}

// Miniature returns the pixels of a copy that fits a square of the given side,
// as RGBA with straight alpha, row by row, and its width and height.
func (i *Image) Miniature(side int) (rgba []byte, width, height int, err error) {
	var small Image
	if C.sk_rgba(i.ptr, C.int(side), &small.ptr) != 0 {
		return nil, 0, 0, failure("shrink to a miniature")
	}
	defer small.Close()
	var size C.size_t
	data := C.vips_image_write_to_memory(small.ptr, &size)
	if data == nil {
		return nil, 0, 0, failure("read a miniature")
	}
	return take(data, size), small.Width(), small.Height(), nil
}

// take copies C memory into a Go slice and frees it.
func take(data unsafe.Pointer, size C.size_t) []byte {
	defer C.g_free(C.gpointer(data))
	return append([]byte(nil), unsafe.Slice((*byte)(data), int(size))...)
}

// failure turns libvips' error buffer into an error and clears it.
func failure(doing string) error {
	text := strings.TrimSpace(C.GoString(C.vips_error_buffer()))
	C.vips_error_clear()
	if text == "" {
		text = "libvips gave no reason"
	}
	const enough = 400
	return fmt.Errorf("%s: %s", doing, strings.ToValidUTF8(text[:min(len(text), enough)], "?"))
}
