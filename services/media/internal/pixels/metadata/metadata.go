// Package metadata reads the few things a newsroom wants to know out of what
// cameras and agencies write into photos, and writes the one packet that our
// renditions carry. It never reads positions or serial numbers.
//
// Three standards overlap. XMP is believed before IPTC, and that before EXIF,
// which is also the order in which they can hold Lithuanian letters. All three
// are taken apart by github.com/bep/imagemeta.
//
// All input is hostile. What does not parse is left out without an error: a
// photo with broken metadata is still a photo.
package metadata

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/bep/imagemeta"
)

// maxBlock bounds each block that is read, in bytes.
const maxBlock = 1 << 20

// Blocks are metadata as they stand in a file; each may be empty.
type Blocks struct{ XMP, EXIF []byte }

// Read finds out what a photo of that media type says of itself. Of the blocks
// that the decoder found in it those count that the library passes over: XMP in
// PNG, EXIF in WebP that begins as it does in JPEG.
func Read(mediaType string, photo []byte, found Blocks) Fields {
	t := make(tags)
	if format, ok := formatOf(mediaType); ok {
		for _, source := range []imagemeta.Source{imagemeta.XMP, imagemeta.IPTC, imagemeta.EXIF} {
			t.collect(photo, format, source)
		}
	}
	if packet := found.XMP; !t.has(imagemeta.XMP) && len(packet) > 0 && len(packet) <= maxBlock {
		t.collect(wrapped(packet), imagemeta.WebP, imagemeta.XMP)
	}
	// Without what it begins with in JPEG, a block of EXIF is a TIFF.
	if block := bytes.TrimPrefix(found.EXIF, []byte("Exif\x00\x00")); !t.has(imagemeta.EXIF) && len(block) <= maxBlock {
		t.collect(block, imagemeta.TIFF, imagemeta.EXIF)
	}
	return t.fields()
}

// formatOf is the library's name for a media type. It does not read GIF.
func formatOf(mediaType string) (imagemeta.ImageFormat, bool) {
	switch mediaType {
	case "image/jpeg":
		return imagemeta.JPEG, true
	case "image/png":
		return imagemeta.PNG, true
	case "image/webp":
		return imagemeta.WebP, true
	case "image/tiff":
		return imagemeta.TIFF, true
	case "image/heic":
		return imagemeta.HEIF, true
	case "image/avif":
		return imagemeta.AVIF, true
	}
	return 0, false
}

// tags are the values found, by source and name.
type tags map[key][]string

type key struct {
	source imagemeta.Source
	name   string
}

// collect adds what one source in a file says. An error, of which a photo may
// raise any, ends that source alone.
func (t tags) collect(file []byte, format imagemeta.ImageFormat, source imagemeta.Source) {
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:               bytes.NewReader(file),
		ImageFormat:     format,
		Sources:         source,
		ShouldHandleTag: wanted,
		HandleTag: func(tag imagemeta.TagInfo) error {
			k := key{source, tag.Tag}
			if len(t[k]) == 0 {
				t[k] = texts(tag.Value)
			}
			return nil
		},
	})
}

func (t tags) has(source imagemeta.Source) bool {
	for k := range t {
		if k.source == source {
			return true
		}
	}
	return false
}

// texts takes the words out of a value; numbers are none.
func texts(value any) []string {
	var all []string
	switch value := value.(type) {
	case string:
		all = []string{value}
	case []string:
		all = slices.Clone(value)
	}
	for i, text := range all {
		all[i] = mended(text)
	}
	return all
}

// wrapped puts an XMP packet into the smallest file that the library reads it
// from, a WebP without a picture.
func wrapped(packet []byte) []byte {
	const xmpFollows = 4
	file := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00")
	file = append(file, xmpFollows, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	file = append(file, "XMP "...)
	file = binary.LittleEndian.AppendUint32(file, uint32(len(packet))) //nolint:gosec // at most maxBlock
	return append(file, packet...)
}
