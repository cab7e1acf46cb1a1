package qrcode

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// MinPixels returns the least width in pixels of a picture with a margin of
// quiet modules: one pixel a module.
func (c Code) MinPixels(quiet int) int { return c.side + 2*quiet }

// PNG returns the code as a picture of exactly pixels by pixels, gray with one
// bit a pixel. Modules are whole pixels, so that none is wider than another;
// what is left over widens the margin, which has at least quiet modules. It
// fails when pixels is less than MinPixels.
//
// Package image/png would take 90 ms and 17 MB for 4,096 pixels, which anybody
// may ask for; most rows are the one above, and written as that they cost
// nothing.
func (c Code) PNG(quiet, pixels int) ([]byte, error) {
	least := c.MinPixels(quiet)
	if pixels < least {
		return nil, fmt.Errorf("draw a QR code: %d pixels are too few for %d modules", pixels, least)
	}
	data, err := c.rows(pixels, pixels/least)
	if err != nil {
		return nil, fmt.Errorf("encode a QR code: %w", err)
	}
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	var header []byte
	header = binary.BigEndian.AppendUint32(header, uint32(pixels)) //nolint:gosec // G115: a width
	header = binary.BigEndian.AppendUint32(header, uint32(pixels)) //nolint:gosec // G115: a height
	chunk(&b, "IHDR", append(header, 1, 0, 0, 0, 0))               // 1 bit, gray, not interlaced
	chunk(&b, "IDAT", data)
	chunk(&b, "IEND", nil)
	return b.Bytes(), nil
}

// rows returns the compressed rows of a picture with modules of scale pixels.
func (c Code) rows(pixels, scale int) ([]byte, error) {
	const (
		asIs  = 0 // filters (PNG 3rd edition, section 9.2)
		asUp  = 2
		light = 0xff
	)
	var b bytes.Buffer
	packed, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		return nil, err
	}
	margin := (pixels - c.side*scale) / 2
	row, same := make([]byte, 1+(pixels+7)/8), make([]byte, 1+(pixels+7)/8)
	same[0] = asUp
	for y := range pixels {
		line := same
		if top := y - margin; y == 0 || (top >= 0 && top%scale == 0) {
			line = row
			row[0] = asIs
			for i := range row[1:] {
				row[1+i] = light
			}
			for x := range c.side {
				if top >= 0 && c.Dark(x, top/scale) {
					darken(row[1:], margin+x*scale, scale)
				}
			}
		}
		if _, err := packed.Write(line); err != nil {
			return nil, err
		}
	}
	err = packed.Close()
	return b.Bytes(), err
}

// darken clears the bits of some pixels in a row.
func darken(row []byte, from, length int) {
	for at := from; at < from+length; at++ {
		row[at/8] &^= 0x80 >> (at % 8)
	}
}

// chunk writes a chunk (PNG 3rd edition, section 5.3).
func chunk(b *bytes.Buffer, kind string, data []byte) {
	body := append([]byte(kind), data...)
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data)))) //nolint:gosec // G115: far below 4 GB
	b.Write(body)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}
