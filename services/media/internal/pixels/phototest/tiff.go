package phototest

import "image"

// The tags that make EXIF's structure a picture.
const (
	tagWidth         = 0x100
	tagHeight        = 0x101
	tagBits          = 0x102
	tagPhotometric   = 0x106
	tagStripOffset   = 0x111
	tagSamples       = 0x115
	tagRowsPerStrip  = 0x116
	tagStripSize     = 0x117
	tagXMP           = 0x2bc
	photometricRGB   = 2
	samplesPerPixel  = 3
	bytesPer16BitRGB = 6
)

// TIFF is an uncompressed picture of 16 bits in each of three channels, without
// alpha, with metadata; all but the picture may be empty.
func TIFF(img *image.NRGBA64, main, exif, gps []Tag, xmp string) []byte {
	var samples []byte
	for i := 0; i < len(img.Pix); i += 8 {
		samples = append(samples, img.Pix[i:i+bytesPer16BitRGB]...)
	}
	width, height := uint16(img.Rect.Dx()), uint16(img.Rect.Dy()) //nolint:gosec // small
	build := func(offset int) []byte {
		tags := append([]Tag{
			Short(tagWidth, width), Short(tagHeight, height), Short(tagRowsPerStrip, height),
			{ID: tagBits, Type: typeShort, Count: samplesPerPixel, Data: []byte{0, 16, 0, 16, 0, 16}},
			Short(tagPhotometric, photometricRGB), Short(tagSamples, samplesPerPixel),
			Long(tagStripOffset, uint32(offset)), Long(tagStripSize, uint32(len(samples))), //nolint:gosec // small
		}, main...)
		if xmp != "" {
			tags = append(tags, Tag{ID: tagXMP, Type: typeByte, Count: uint32(len(xmp)), Data: []byte(xmp)}) //nolint:gosec // short
		}
		return Exif(tags, exif, gps)
	}
	return append(build(len(build(0))), samples...)
}
