package vips

// #include <stdlib.h>
// #include "shim.h"
import "C"

import "unsafe"

// Label attaches an XMP packet, which JPEG and WebP write, and which copies
// shrunk from i after this carry too. An empty packet attaches nothing.
func (i *Image) Label(xmp []byte) {
	if len(xmp) > 0 {
		C.sk_label(i.ptr, unsafe.Pointer(&xmp[0]), C.size_t(len(xmp)))
		i.labeled = true
	}
}

// JPEG encodes progressively with optimized tables at a quality of 1 to 100.
// What is transparent becomes white.
func (i *Image) JPEG(quality int) ([]byte, error) {
	var data unsafe.Pointer
	var size C.size_t
	if C.sk_jpeg(i.ptr, C.int(quality), flag(i.labeled), &data, &size) != 0 {
		return nil, failure("encode JPEG")
	}
	return take(data, size), nil
}

// WebP encodes with loss at a quality of 1 to 100 and an effort of 0 to 6,
// keeping alpha. Neither side may be longer than 16383 pixels.
func (i *Image) WebP(quality, effort int) ([]byte, error) {
	var data unsafe.Pointer
	var size C.size_t
	if C.sk_webp(i.ptr, C.int(quality), C.int(effort), flag(i.labeled), &data, &size) != 0 {
		return nil, failure("encode WebP")
	}
	return take(data, size), nil
}

// AVIF encodes with loss at a quality of 1 to 100 and an effort of 0 to 9,
// keeping alpha. The effort is most of the cost: 4 takes thrice as long as 3.
// Neither side may be longer than 16384 pixels.
func (i *Image) AVIF(quality, effort int) ([]byte, error) {
	var data unsafe.Pointer
	var size C.size_t
	if C.sk_avif(i.ptr, C.int(quality), C.int(effort), flag(i.labeled), &data, &size) != 0 {
		return nil, failure("encode AVIF")
	}
	return take(data, size), nil
}

// Encode writes any format that libvips chooses by a file name's suffix, such
// as ".png" or ".heic[Q=50]". It serves warm-up and tests.
func (i *Image) Encode(suffix string) ([]byte, error) {
	name := C.CString(suffix)
	defer C.free(unsafe.Pointer(name))
	var data unsafe.Pointer
	var size C.size_t
	if C.sk_encode(i.ptr, name, &data, &size) != 0 {
		return nil, failure("encode " + suffix)
	}
	return take(data, size), nil
}

// Transcode writes a file in another format, as Encode does, with all of its
// metadata. It serves tests.
func Transcode(data []byte, suffix string) ([]byte, error) {
	image, _, _, err := open(data)
	if err != nil {
		return nil, err
	}
	defer image.Close()
	return image.Encode(suffix)
}

// Export converts from sRGB to the colors of a profile that libvips brings
// along, "p3" or "cmyk", and attaches it. It serves tests.
func (i *Image) Export(profile string) (*Image, error) {
	name := C.CString(profile)
	defer C.free(unsafe.Pointer(name))
	var image Image
	if C.sk_export(i.ptr, name, &image.ptr) != 0 {
		return nil, failure("convert to " + profile)
	}
	return &image, nil
}

func flag(set bool) C.int {
	if set {
		return 1
	}
	return 0
}
