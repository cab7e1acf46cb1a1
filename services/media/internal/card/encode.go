package card

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
)

// MaxSize is the most bytes of a card; some readers leave out larger ones.
const MaxSize = 300_000 - 1

// encode writes the JPEG in the best quality that stays under the size.
func encode(canvas image.Image) ([]byte, error) {
	var last int
	for _, quality := range []int{88, 82, 76, 68, 58, 45, 30, 15, 5, 1} {
		var out bytes.Buffer
		if err := jpeg.Encode(&out, canvas, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("encode card: %w", err)
		}
		if last = out.Len(); last <= MaxSize {
			return out.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("card of %d bytes in the lowest quality", last)
}
