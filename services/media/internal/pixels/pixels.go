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
// and AVIF out, upright, 8 bit sRGB, without GPS positions, serial numbers, thumbnails
// or any other metadata than credit and copyright. What it does not: animation
// (the first frame of a GIF or WebP is taken as the picture) and crops.
// It refuses a file that was cut short, but cannot tell a JPEG whose data ends
// early with a proper end mark from an honest one: the rest comes out grey.
package pixels

import "time"

// Format is a file format that renditions are made in.
type Format string

// The formats a [Job] may ask for.
const (
	JPEG Format = "jpeg"
	WebP Format = "webp"
	// AVIF costs about twice what the other two do together.
	AVIF Format = "avif"
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
	// Time is the longest a photo may be worked on. Waiting for a free
	// worker, for the original and for the caller's emit does not count.
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
	// Widths are the wanted widths in pixels, in any order, each 16 to 8192,
	// at most 16 of them; empty means 320, 640, 960, 1280, 1920 and 2560.
	// Nothing is enlarged: widths beyond the photo's own are replaced by
	// that one.
	Widths []int
	// Formats are made one after the other, each from the largest width
	// down; empty means JPEG, then WebP. AVIF must be asked for.
	Formats []Format
	// Credit and Copyright are written into every rendition, as XMP. Empty
	// keeps what the original says. At most 500 bytes each, the rest is cut
	// off.
	Credit, Copyright string
}

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
	// CaptureTime is when the photo was taken, in UTC; zero when it does not
	// say. Without a time zone in the file the camera's clock is taken for UTC.
	CaptureTime time.Time
	// AltSuggestion, Credit and Copyright are what the file says of itself,
	// valid UTF-8 without control characters, at most 500 bytes each.
	AltSuggestion, Credit, Copyright string
}

// Rendition is one file made of the photo. The receiver owns Data.
type Rendition struct {
	Format        Format
	Width, Height int
	Data          []byte
}

// Event is one step of [Processor.Render]; exactly one field is set.
type Event struct {
	Info      *Info
	Rendition *Rendition
}
