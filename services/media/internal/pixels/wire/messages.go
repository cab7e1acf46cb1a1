package wire

import (
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
)

// Request is the parent's only message. Its body is the photo.
type Request struct {
	MediaType string
	Limits    Limits
	Widths    []int
	Formats   []Format
	// LadderFormats are those of Formats that the ladder is made in; empty
	// means all of them.
	LadderFormats []Format
	Crops         []CropSpec
	// Focus is nil when the worker is to choose it.
	Focus                      *FocalPoint
	Credit, Copyright, License string
	// Insecure goes on when the kernel offers no system call filter.
	Insecure bool
	// Probe asks for a [Probe] instead of pictures; the body is empty.
	Probe bool
}

// Limits are those of package pixels, which explains them.
type Limits struct {
	Bytes               int64
	Pixels, HeavyPixels int64
	Side, Frames        int
	AnimatedPixels      int64
	Time                time.Duration
}

// Info is that of package pixels.
type Info struct {
	MediaType     string
	Width, Height int
	Frames        int
	Color         string
	ThumbHash     []byte
	Focus         FocalPoint
	Metadata      metadata.Fields
}

// Rendition describes the file that is the frame's body.
type Rendition struct {
	Format Format
	// Crop is the name of the crop, empty for the ladder.
	Crop          string
	Width, Height int
	Animated      bool
}

// Failure ends the work. Reason is one of package pixels' reasons, Detail is
// for the log.
type Failure struct {
	Reason, Detail string
}

// Probe lists forbidden things the worker tried, and the error number the
// kernel answered each with: 0 means that it was let through.
type Probe struct {
	Refusals []Refusal
}

// Refusal is one forbidden thing tried.
type Refusal struct {
	Call  string
	Errno int
}
