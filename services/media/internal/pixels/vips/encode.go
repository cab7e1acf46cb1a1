package vips

// #include <stdlib.h>
// #include "shim.h"
import "C"

import "unsafe"

// Label attaches an XMP packet, which the shrunk copies made of i later carry
// too. Encoders write it when told that the image is labeled.
func (i *Image) Label(xmp []byte) {
	if len(xmp) > 0 {
		C.sk_label(i.ptr, unsafe.Pointer(&xmp[0]), C.size_t(len(xmp)))
	}
}

// JPEG encodes progressively with optimized tables at a quality of 1 to 100.
// What is transparent becomes white. Labeled writes the packet that Label set.
func (i *Image) JPEG(quality int, labeled bool) ([]byte, error) {
	var data unsafe.Pointer
	var size C.size_t
	if C.sk_jpeg(i.ptr, C.int(quality), flag(labeled), &data, &size) != 0 {
		return nil, failure("encode JPEG")
	}
	return take(data, size), nil
}

// WebP encodes with loss at a quality of 1 to 100 and an effort of 0 to 6,
// keeping alpha. Neither side may be longer than 16383 pixels. Labeled writes
// the packet that Label set.
func (i *Image) WebP(quality, effort int, labeled bool) ([]byte, error) {
	var data unsafe.Pointer
	var size C.size_t
	if C.sk_webp(i.ptr, C.int(quality), C.int(effort), flag(labeled), &data, &size) != 0 {
		return nil, failure("encode WebP")
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

func flag(set bool) C.int {
	if set {
		return 1
	}
	return 0
}
