package worker

import (
	_ "embed"
	"fmt"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// Gray squares of 16 pixels.
var (
	//go:embed sample.heic
	sampleHEIC []byte
	//go:embed sample.avif
	sampleAVIF []byte
)

// warmUp tries the codecs that a request needs and that may be plugins, as in
// newer versions of libheif: they must be loaded while files can still be
// opened. The other codecs come with libvips and open nothing later.
func warmUp(request wire.Request) error {
	if request.MediaType == "image/heic" {
		if err := try(sampleHEIC, false); err != nil {
			return fmt.Errorf("this machine cannot read HEIC: %w", err)
		}
	}
	out := writes(request, wire.AVIF)
	if out || request.MediaType == "image/avif" {
		if err := try(sampleAVIF, out); err != nil {
			return fmt.Errorf("this machine cannot read or write AVIF: %w", err)
		}
	}
	return nil
}

// try decodes a sample and, when told so, writes it as AVIF.
func try(sample []byte, write bool) error {
	image, err := vips.Master(sample, miniatureSide, miniatureSide, false)
	if err != nil {
		return err
	}
	defer image.Close()
	if write {
		_, err = image.AVIF(avifQuality, avifEffort)
	}
	return err
}
