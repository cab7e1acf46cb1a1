package phototest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"testing"
)

const pngStart = "\x89PNG\r\n\x1a\n"

// Chunk frames one part of a PNG.
func Chunk(kind string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data))) //nolint:gosec // small
	out = append(append(out, kind...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// BlackPNG is a PNG of one bit a pixel that claims a size and holds that many
// rows of zeros, which pack a thousandfold: a bomb when they are all there, a
// lie when they are not.
func BlackPNG(tb testing.TB, width, height uint32, rows int) []byte {
	tb.Helper()
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	row := make([]byte, 1+(int(width)+7)/8)
	for range rows {
		if _, err := z.Write(row); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	file := append([]byte(pngStart), Chunk("IHDR", append(header, 1, 0, 0, 0, 0))...)
	file = append(file, Chunk("IDAT", packed.Bytes())...)
	return append(file, Chunk("IEND", nil)...)
}

// InPNG puts a chunk behind the header of a PNG.
func InPNG(file []byte, kind string, data []byte) []byte {
	const header = len(pngStart) + 4 + 4 + 13 + 4
	out := append([]byte{}, file[:header]...)
	return append(append(out, Chunk(kind, data)...), file[header:]...)
}

// LyingJPEG claims another size than its data has.
func LyingJPEG(tb testing.TB, file []byte, width, height uint16) []byte {
	tb.Helper()
	out := bytes.Clone(file)
	for _, frame := range []string{"\xff\xc0", "\xff\xc2"} { // baseline, progressive
		if at := bytes.Index(out, []byte(frame)); at > 0 {
			binary.BigEndian.PutUint16(out[at+5:], height)
			binary.BigEndian.PutUint16(out[at+7:], width)
			return out
		}
	}
	tb.Fatal("there is no frame header")
	return nil
}

// LyingHEIF is a HEIC or AVIF that claims another size than its data has.
func LyingHEIF(tb testing.TB, file []byte, width, height uint32) []byte {
	tb.Helper()
	out := bytes.Clone(file)
	at := bytes.Index(out, []byte("ispe"))
	if at < 0 {
		tb.Fatal("there is no size")
	}
	binary.BigEndian.PutUint32(out[at+8:], width)
	binary.BigEndian.PutUint32(out[at+12:], height)
	return out
}

// LyingWebP is a WebP with an extended header that claims another size than
// its data has.
func LyingWebP(tb testing.TB, file []byte, width, height uint32) []byte {
	tb.Helper()
	out := bytes.Clone(file)
	at := bytes.Index(out, []byte("VP8X"))
	if at < 0 {
		tb.Fatal("there is no extended header")
	}
	for i, side := range []uint32{width - 1, height - 1} {
		to := out[at+12+3*i:]
		to[0], to[1], to[2] = byte(side), byte(side>>8), byte(side>>16) //nolint:gosec // cut on purpose
	}
	return out
}

// LyingTIFF is a TIFF of one bit a pixel that claims a size and holds a row.
func LyingTIFF(width, height uint32) []byte {
	const photometricBlack = 1
	return Exif([]Tag{
		Long(tagWidth, width), Long(tagHeight, height), Short(tagBits, 1), Short(tagPhotometric, photometricBlack),
		Short(tagSamples, 1), Long(tagRowsPerStrip, height), Long(tagStripOffset, 8), Long(tagStripSize, 8),
	}, nil, nil)
}

// LoopingTIFF is a block of EXIF, or a TIFF, whose directories lead in circles:
// each pointer in the first, and its successor, is the first again.
func LoopingTIFF() []byte {
	const first = 8
	tags := []Tag{Long(exifPointer, first), Long(gpsPointer, first), Long(0xa005, first), Long(0x14a, first)}
	block := Exif(append(tags, Text(0x13b, "Ona")), nil, nil)
	successor := first + 2 + entrySize*(len(tags)+1)
	binary.BigEndian.PutUint32(block[successor:], first)
	return block
}
