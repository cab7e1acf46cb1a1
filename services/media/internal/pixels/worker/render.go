package worker

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/thumbhash"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// How renditions are encoded: sizes a reader does not notice the loss at.
const (
	jpegQuality = 80
	webpQuality = 78
	webpEffort  = 4
	avifQuality = 50
	avifEffort  = 2
)

// miniatureSide is enough to hash and to find the dominant color.
const miniatureSide = 32

// render answers with the facts of a photo and then with its renditions, as
// the plan that follows from both has them.
func render(photo []byte, request wire.Request, out io.Writer) error {
	header, err := vips.ReadHeader(photo)
	if err != nil {
		return refuse("corrupt", err)
	}
	if err := check(header, request); err != nil {
		return err
	}
	if err := whole(request.MediaType, photo); err != nil {
		return err
	}
	info := wire.Info{
		MediaType: request.MediaType,
		Width:     header.Width, Height: header.Height, Frames: header.Pages,
		Metadata: metadata.Read(request.MediaType, photo, metadata.Blocks{XMP: header.XMP, EXIF: header.EXIF}),
	}
	s := newSheets(photo, request, info)
	defer s.close()
	if err := s.describe(&info); err != nil {
		return err
	}
	if err := wire.Write(out, wire.KindInfo, info, nil); err != nil {
		return err
	}
	s.focus = info.Focus
	for _, due := range wire.Plan(request, info) {
		if err := s.emit(out, due); err != nil {
			return err
		}
	}
	return nil
}

// label is what the renditions say: the record's words before the photo's.
func label(request wire.Request, said metadata.Fields) metadata.Label {
	return metadata.Label{
		Credit:    cmp.Or(request.Credit, said.Credit()),
		Copyright: cmp.Or(request.Copyright, said.Copyright),
		License:   cmp.Or(request.License, said.LicenseURL, said.WebStatement),
	}
}

// describe looks at the smallest rung of the ladder for what the record wants
// to know of how the photo looks.
func (s *sheets) describe(info *wire.Info) error {
	smallest, err := s.smallest()
	if err != nil {
		return err
	}
	rgba, width, height, err := smallest.Miniature(miniatureSide)
	if err != nil {
		return err
	}
	if info.ThumbHash, err = thumbhash.Encode(width, height, rgba); err != nil {
		return err
	}
	info.Color = dominant(rgba)
	if s.request.Focus != nil {
		info.Focus = *s.request.Focus
		return nil
	}
	info.Focus.X, info.Focus.Y, err = smallest.Attention()
	return err
}

func (s *sheets) emit(out io.Writer, due wire.Rendition) error {
	image, err := s.sheet(due)
	if err != nil {
		return err
	}
	data, err := encode(image, due.Format)
	if err != nil {
		return err
	}
	due.Height = image.Height()
	return wire.Write(out, wire.KindRendition, due, data)
}

func encode(image *vips.Image, format wire.Format) ([]byte, error) {
	switch format {
	case wire.JPEG:
		return image.JPEG(jpegQuality)
	case wire.WebP:
		return image.WebP(webpQuality, webpEffort)
	case wire.AVIF:
		return image.AVIF(avifQuality, avifEffort)
	}
	return nil, fmt.Errorf("format %q is unknown", format)
}

// writes says whether a request asks for a format.
func writes(request wire.Request, format wire.Format) bool {
	return slices.Contains(request.Formats, format)
}
