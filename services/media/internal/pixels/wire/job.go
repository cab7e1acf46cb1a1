package wire

// Format is a file format that renditions are made in.
type Format string

// The formats that renditions are made in.
const (
	JPEG Format = "jpeg"
	WebP Format = "webp"
	// AVIF costs about twice what the other two do together.
	AVIF Format = "avif"
)

// CropSpec is one shape that is cut out of a photo around its focal point.
type CropSpec struct {
	// Name is the crop's own, such as "wide", and comes back in each
	// rendition: 1 to 32 of a-z, 0-9 and "-".
	Name string
	// AspectWidth and AspectHeight are the shape, such as 16 and 9 or 1200
	// and 630, each 1 to 10,000.
	AspectWidth, AspectHeight int
	// Widths are the wanted widths in pixels, 1 to 16 of them, each 16 to
	// 8192. Nothing is enlarged: those beyond what the photo can give are
	// left out. When that is all of them, one rendition is made, as large as
	// the photo allows and of the same shape.
	Widths []int
	// Formats are those of the job's formats that the crop is made in; empty
	// means all of them.
	Formats []Format
}

// FocalPoint is what a crop must show, as parts of the width and height from
// the top left of the upright photo: 0.5, 0.5 is the middle. A crop is centered
// on it as far as the photo reaches.
type FocalPoint struct {
	X, Y float64 // each 0 to 1
}
