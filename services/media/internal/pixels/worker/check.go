package worker

import (
	"errors"
	"fmt"
	"strings"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// check refuses what the header alone shows to be too much, or to be another
// kind of file than the parent took it for.
func check(header vips.Header, request wire.Request) error {
	if !strings.HasPrefix(header.Loader, reader(request.MediaType)) {
		return refuse("unsupported_format", fmt.Errorf("%s read as %s", request.MediaType, header.Loader))
	}
	limits := request.Limits
	pixels := int64(header.Width) * int64(header.Height)
	size := fmt.Errorf("%d x %d pixels, %d pages", header.Width, header.Height, header.Pages)
	switch {
	case header.Width < 1 || header.Height < 1:
		return refuse("corrupt", errors.New("no size"))
	case header.Width > limits.Side || header.Height > limits.Side, pixels > limits.Pixels:
		return refuse("too_many_pixels", size)
	case heavy(header, request.MediaType) && pixels > limits.HeavyPixels:
		return refuse("too_many_pixels", size)
	case header.Pages > limits.Frames:
		return refuse("too_many_frames", size)
	case header.Pages > 1 && wire.Animates(request.MediaType) && pixels*int64(header.Pages) > limits.AnimatedPixels:
		return refuse("too_many_pixels", size)
	}
	return nil
}

// heavy says that a decoder must hold the whole picture at once.
func heavy(header vips.Header, mediaType string) bool {
	return header.Heavy || mediaType == "image/heic" || mediaType == "image/avif"
}

// reader is how the names of libvips' readers for a media type begin.
func reader(mediaType string) string {
	const prefix = "VipsForeignLoad"
	switch mediaType {
	case "image/jpeg":
		return prefix + "Jpeg"
	case "image/png":
		return prefix + "Png"
	case "image/webp":
		return prefix + "Webp"
	case "image/gif":
		return prefix + "Nsgif"
	case "image/tiff":
		return prefix + "Tiff"
	case "image/heic", "image/avif":
		return prefix + "Heif"
	}
	return "none"
}
