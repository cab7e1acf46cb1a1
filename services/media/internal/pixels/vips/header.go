package vips

// #include <stdlib.h>
// #include "shim.h"
import "C"

import (
	"errors"
	"strings"
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
	// XMP and EXIF are blocks of metadata as they stand in the file, nil when
	// there is none or it is larger than any honest caption.
	XMP, EXIF []byte
}

// maxBlob is the largest block of metadata that is looked at, in bytes.
const maxBlob = 1 << 20

// ReadHeader reads the header of data. It costs microseconds whatever size the
// header claims.
func ReadHeader(data []byte) (Header, error) {
	image, loader, raw, err := open(data)
	if err != nil {
		return Header{}, err
	}
	defer image.Close()
	header := Header{
		Loader: loader,
		Width:  int(raw.width),
		Height: int(raw.height),
		Pages:  max(1, int(raw.pages)),
		Heavy:  raw.heavy != 0,
		XMP:    image.blob("xmp-data"),
		EXIF:   image.blob("exif-data"),
	}
	if raw.turned != 0 {
		header.Width, header.Height = header.Height, header.Width
	}
	return header, nil
}

// FieldNames lists what libvips finds a file to say, each tag of EXIF by name,
// such as "exif-ifd3-GPSLatitude". It serves tests.
func FieldNames(data []byte) ([]string, error) {
	image, _, _, err := open(data)
	if err != nil {
		return nil, err
	}
	defer image.Close()
	list := C.sk_fields(image.ptr)
	defer C.g_free(C.gpointer(list))
	return strings.Fields(C.GoString(list)), nil
}

func open(data []byte) (*Image, string, C.sk_header, error) {
	var raw C.sk_header
	if len(data) == 0 {
		return nil, "", raw, errors.New("read header: no data")
	}
	buffer := unsafe.Pointer(&data[0])
	loader := C.vips_foreign_find_load_buffer(buffer, C.size_t(len(data)))
	if loader == nil {
		return nil, "", raw, failure("find a reader")
	}
	var image Image
	if C.sk_read_header(buffer, C.size_t(len(data)), &raw, &image.ptr) != 0 {
		return nil, "", raw, failure("read header")
	}
	return &image, C.GoString(loader), raw, nil
}

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
