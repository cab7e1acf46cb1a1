package qrcode

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// MinPixels returns the least width in pixels of a picture with a margin of
// quiet modules: one pixel a module.
func (c Code) MinPixels(quiet int) int { return c.side + 2*quiet }

// PNG returns the code as a picture of exactly pixels by pixels, with one bit a
// pixel. Modules are whole pixels, so that none is wider than another; what
// is left over widens the margin, which has at least quiet modules. It fails
// when pixels is less than MinPixels.
func (c Code) PNG(quiet, pixels int) ([]byte, error) {
	least := c.MinPixels(quiet)
	if pixels < least {
		return nil, fmt.Errorf("draw a QR code: %d pixels are too few for %d modules", pixels, least)
	}
	scale := pixels / least
	margin := (pixels - c.side*scale) / 2
	picture := image.NewPaletted(image.Rect(0, 0, pixels, pixels), color.Palette{color.White, color.Black})
	c.runs(func(x, y, length int) {
		left := margin + x*scale
		for row := range scale {
			start := picture.PixOffset(left, margin+y*scale+row)
			line := picture.Pix[start : start+length*scale]
			for i := range line {
				line[i] = 1
			}
		}
	})
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, picture); err != nil {
		return nil, fmt.Errorf("encode a QR code: %w", err)
	}
	return b.Bytes(), nil
}
