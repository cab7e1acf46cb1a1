package vips

// #include <stdlib.h>
// #include <string.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"unsafe"
)

// Header is what a file says of itself. No pixel has been decoded for it.
type Header struct {
	// Loader is the name of the libvips reader, "VipsForeignLoadJpegBuffer".
	Loader string
	// Width and Height are those of one frame, after turning upright.
	Width, Height int
	// Pages is the number of frames or pages, 1 for a still photo.
	Pages int
	// Heavy says progressive JPEG or interlaced PNG.
	Heavy bool
	// Exif holds the text fields asked for, by libvips' field name.
	Exif map[string]string
	// XMP and IPTC are raw blocks of metadata, nil when absent.
	XMP, IPTC []byte
}

// ReadHeader reads the header of data, and of its EXIF text the named fields.
// It costs microseconds whatever size the header claims.
func ReadHeader(data []byte, fields ...string) (Header, error) {
	if len(data) == 0 {
		return Header{}, errors.New("read header: no data")
	}
	buffer := unsafe.Pointer(&data[0])
	loader := C.vips_foreign_find_load_buffer(buffer, C.size_t(len(data)))
	if loader == nil {
		return Header{}, failure("find a reader")
	}
	var raw C.sk_header
	var image Image
	if C.sk_read_header(buffer, C.size_t(len(data)), &raw, &image.ptr) != 0 {
		return Header{}, failure("read header")
	}
	defer image.Close()
	header := Header{
		Loader: C.GoString(loader),
		Width:  int(raw.width),
		Height: int(raw.height),
		Pages:  max(1, int(raw.pages)),
		Heavy:  raw.heavy != 0,
		Exif:   make(map[string]string, len(fields)),
		XMP:    image.blob("xmp-data"),
		IPTC:   image.blob("iptc-data"),
	}
	if raw.turned != 0 {
		header.Width, header.Height = header.Height, header.Width
	}
	for _, field := range fields {
		if text := image.text(field); text != "" {
			header.Exif[field] = text
		}
	}
	return header, nil
}

// Blocks and texts of metadata beyond these sizes are ignored: no honest
// caption needs them.
const (
	maxBlob = 1 << 20
	maxText = 4 << 10
)

func (i *Image) blob(field string) []byte {
	name := C.CString(field)
	defer C.free(unsafe.Pointer(name))
	var size C.size_t
	data := C.sk_blob(i.ptr, name, &size)
	if data == nil || size == 0 || size > maxBlob {
		return nil
	}
	return C.GoBytes(data, C.int(size))
}

func (i *Image) text(field string) string {
	name := C.CString(field)
	defer C.free(unsafe.Pointer(name))
	text := C.sk_text(i.ptr, name)
	if text == nil || C.strnlen(text, maxText) == maxText {
		return ""
	}
	return C.GoString(text)
}
