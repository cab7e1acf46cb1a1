// Package pixels turns one untrusted photo into the renditions a reader is
// served, and into the facts the record needs.
//
// The bytes of a photo are hostile until they have been decoded, and decoders
// are where image libraries break. So nothing is decoded here: each photo gets
// one process of its own, our binary executed again, that locks itself in
// before it reads the first byte (see package sandbox), decodes with libvips
// (package vips), answers in frames (package wire) and ends. A decoder that
// crashes, loops or eats memory takes that process along and nothing else;
// the caller sees a typed [Error].
//
// A binary that uses a [Processor] calls [WorkerMain] first thing in main.
//
// What it does: JPEG, PNG, WebP, AVIF, HEIC, GIF and TIFF in; JPEG, WebP
// and AVIF out, upright, 8 bit sRGB, in a ladder of widths and cropped, without
// GPS positions, serial numbers, thumbnails or any other metadata than credit,
// copyright and license. Animations stay animated as WebP. All is made of one
// decode, and only a crop that needs more pixels than the ladder takes another.
// It refuses a file that was cut short or whose data ends before its picture.
package pixels

import (
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// Format is a file format that renditions are made in.
type Format = wire.Format

// The formats a [Job] may ask for.
const (
	JPEG = wire.JPEG
	WebP = wire.WebP
	// AVIF costs about twice what the other two do together.
	AVIF = wire.AVIF
)

// Limits bound what one photo may cost. A zero field means the value that
// [DefaultLimits] gives it.
type Limits struct {
	// Bytes is the largest original, in bytes.
	Bytes int64
	// Pixels bounds width times height of a still photo.
	Pixels int64
	// HeavyPixels bounds it for kinds that no decoder can stream: HEIC,
	// AVIF, progressive JPEG and interlaced PNG.
	HeavyPixels int64
	// Side is the longest width or height, in pixels.
	Side int
	// Frames is the largest number of frames or pages in one file.
	Frames int
	// AnimatedPixels bounds width times height times frames.
	AnimatedPixels int64
	// Time is the most processor time that a photo may cost. On a busy
	// machine that takes longer, so a worker is stopped only after four
	// times that; waiting for a free worker, for the original and for the
	// caller's emit does not count.
	Time time.Duration
}

// DefaultLimits returns the limits that fit a newsroom's cameras and phones.
func DefaultLimits() Limits {
	return Limits{
		Bytes:          60 << 20,
		Pixels:         100_000_000,
		HeavyPixels:    40_000_000,
		Side:           16384,
		Frames:         60,
		AnimatedPixels: 40_000_000,
		Time:           time.Minute,
	}
}

// Job says what to make of a photo.
type Job struct {
	// Widths are the wanted widths of the ladder in pixels, in any order,
	// each 16 to 8192, at most 16 of them; empty means 320, 640, 960, 1280,
	// 1920 and 2560, or no ladder when there are Crops. Nothing is enlarged:
	// widths beyond the photo's own are replaced by that one.
	Widths []int
	// Formats are made one after the other; empty means JPEG, then WebP.
	// AVIF must be asked for. A job that repairs a photo names the format
	// that is missing and the same widths and crops as before.
	Formats []Format
	// LadderFormats are those of Formats that the ladder is made in; empty
	// means all of them.
	LadderFormats []Format
	// Crops are made of each format after its ladder; at most 8.
	Crops []CropSpec
	// Focus is what crops must show; nil means what Info.Focus suggests.
	// Whoever wants the same crops again keeps it and passes it.
	Focus *FocalPoint
	// Credit, Copyright and License, the URL of a license, are written into
	// every rendition, as XMP. An empty one keeps what the original says. At
	// most 500 bytes each, the rest is cut off.
	Credit, Copyright, License string
}

// CropSpec is one shape that is cut out of a photo around its focal point.
type CropSpec = wire.CropSpec

// FocalPoint is what a crop must show.
type FocalPoint = wire.FocalPoint

// Metadata is what a photo says of itself.
type Metadata = metadata.Fields

// Info is what is known of a photo once it has been decoded.
type Info struct {
	// MediaType of the original, as [Sniff] tells it.
	MediaType string
	// Width and Height in pixels, after the photo was turned upright.
	Width, Height int
	// Frames is 1 for a still photo.
	Frames int
	// Color is the dominant color, "#rrggbb".
	Color string
	// ThumbHash is a placeholder of at most 25 bytes.
	ThumbHash []byte
	// Focus is the job's, or else where the photo draws the eye: strong
	// edges, saturated color and skin.
	Focus FocalPoint
	// Metadata is for a person to confirm, and to be escaped like all that
	// strangers write.
	Metadata Metadata
}

// Rendition is one file made of the photo. The receiver owns Data.
type Rendition struct {
	Format Format
	// Crop is the name of the crop, empty for the ladder.
	Crop          string
	Width, Height int
	// Animated says that all frames are in it: WebP of the ladder of an
	// animated GIF or WebP. All others show the first frame.
	Animated bool
	Data     []byte
}

// Part is all that a job makes in one format: its ladder or its crops.
type Part struct {
	Format Format
	Crops  bool
}

// Event is one step of [Processor.Render]; exactly one field is set.
type Event struct {
	Info      *Info
	Rendition *Rendition
	// Complete follows the last rendition of each part that the job asks for;
	// of the JPEG ladder, it is what an upload waits for.
	Complete *Part
}
