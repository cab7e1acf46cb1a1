package worker

import (
	_ "embed"
	"fmt"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// Gray squares of 16 pixels.
var (
	//go:embed sample.heic
	sampleHEIC []byte
	//go:embed sample.avif
	sampleAVIF []byte
)

// warmUp decodes a sample of the kind of photo that is to come where the
// decoder may be a plugin, as in newer versions of libheif: it must be loaded
// while files can still be opened. The other codecs come with libvips, and
// were seen to open nothing later.
func warmUp(mediaType string) error {
	var sample []byte
	switch mediaType {
	case "image/heic":
		sample = sampleHEIC
	case "image/avif":
		sample = sampleAVIF
	default:
		return nil
	}
	image, err := vips.Master(sample, miniatureSide, miniatureSide)
	if err != nil {
		return refuse("unsupported_format", fmt.Errorf("this machine has no decoder for %s: %w", mediaType, err))
	}
	image.Close()
	return nil
}
