package worker

import (
	"cmp"
	"errors"
	"fmt"
	"io"

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

const (
	// webpSide is the longest side a WebP can have.
	webpSide = 16383
	// miniatureSide is enough to hash and to find the dominant color.
	miniatureSide = 32
)

// render decodes photo once, to the largest width, and makes all else of that.
func render(photo []byte, request wire.Request, out io.Writer) error {
	header, err := vips.ReadHeader(photo, metadata.ExifTime, metadata.ExifZone, metadata.ExifArtist, metadata.ExifCopyright)
	if err != nil {
		return refuse("corrupt", err)
	}
	if err := check(header, request); err != nil {
		return err
	}
	widths := wire.Ladder(request.Widths, header.Width)
	if len(widths) == 0 {
		return errors.New("no widths were asked for")
	}
	master, err := vips.Master(photo, widths[0], webpSide)
	if err != nil {
		return refuse("corrupt", err)
	}
	defer master.Close()
	said := read(header)
	master.Label(metadata.XMP(cmp.Or(request.Credit, said.Credit), cmp.Or(request.Copyright, said.Copyright)))
	rungs, err := descend(master, widths)
	defer func() {
		for _, rung := range rungs {
			rung.Close()
		}
	}()
	if err != nil {
		return err
	}
	ladder := append([]*vips.Image{master}, rungs...)
	info, err := describe(ladder[len(ladder)-1], header, said)
	if err != nil {
		return err
	}
	info.MediaType = request.MediaType
	if err := wire.Write(out, wire.KindInfo, info, nil); err != nil {
		return err
	}
	for _, format := range request.Formats {
		for _, rung := range ladder {
			if err := emit(out, rung, format); err != nil {
				return err
			}
		}
	}
	return nil
}

// descend shrinks master to each further width, every one out of the one
// before. The images made so far are returned with an error too.
func descend(master *vips.Image, widths []int) ([]*vips.Image, error) {
	var rungs []*vips.Image
	above := master
	for _, width := range widths[1:] {
		rung, err := above.Shrink(width, wire.Height(width, master.Width(), master.Height()))
		if err != nil {
			return rungs, err
		}
		rungs = append(rungs, rung)
		above = rung
	}
	return rungs, nil
}

func emit(out io.Writer, image *vips.Image, format string) error {
	var data []byte
	var err error
	switch format {
	case "jpeg":
		data, err = image.JPEG(jpegQuality)
	case "webp":
		data, err = image.WebP(webpQuality, webpEffort)
	case "avif":
		data, err = image.AVIF(avifQuality, avifEffort)
	default:
		err = fmt.Errorf("format %q is unknown", format)
	}
	if err != nil {
		return err
	}
	rendition := wire.Rendition{Format: format, Width: image.Width(), Height: image.Height()}
	return wire.Write(out, wire.KindRendition, rendition, data)
}

// read takes what a photo says of itself, fit for a record.
func read(header vips.Header) metadata.Fields {
	said := metadata.Read(header.Exif, header.XMP, header.IPTC)
	said.Alt = clean(said.Alt, maxText)
	said.Credit = clean(said.Credit, maxText)
	said.Copyright = clean(said.Copyright, maxText)
	return said
}

// describe tells what the record wants to know of a decoded photo, of which
// it looks at the smallest copy.
func describe(smallest *vips.Image, header vips.Header, said metadata.Fields) (wire.Info, error) {
	rgba, width, height, err := smallest.Miniature(miniatureSide)
	if err != nil {
		return wire.Info{}, err
	}
	hash, err := thumbhash.Encode(width, height, rgba)
	if err != nil {
		return wire.Info{}, err
	}
	return wire.Info{
		Width:         header.Width,
		Height:        header.Height,
		Frames:        header.Pages,
		Color:         dominant(rgba),
		ThumbHash:     hash,
		CaptureTime:   said.CaptureTime,
		AltSuggestion: said.Alt,
		Credit:        said.Credit,
		Copyright:     said.Copyright,
	}, nil
}
