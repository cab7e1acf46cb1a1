package published

import (
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// previewWidth is the least width in pixels with which previews are shown
// large everywhere; wider ones only cost bytes.
const previewWidth = 1200

// Image is a picture that is ready to be shown elsewhere: a rendition of a
// photo or a social card.
type Image struct {
	// URI is where its bytes are.
	URI string
	// MIMEType is always "image/jpeg", which everyone can show.
	MIMEType string
	// Width and Height are in pixels.
	Width, Height int32
	// Size is in bytes.
	Size int64
	// Alt is the alternative text, empty for a photo that only decorates.
	Alt string
}

// Preview returns the picture to show beside a link: the social card, or else
// what Image returns.
func (a Article) Preview() (Image, bool) {
	if a.Card != nil {
		return *a.Card, true
	}
	return a.Image()
}

// Image returns the cover, or else the first photo of the body, in the
// smallest JPEG of at least 1200 pixels of width or else the widest. It
// returns false when there is none.
func (a Article) Image() (Image, bool) {
	for placement := range a.placements {
		if image, ok := a.image(placement.GetPlaced()); ok {
			return image, true
		}
	}
	return Image{}, false
}

// placements yields the cover and the photos of the body in reading order.
func (a Article) placements(yield func(*articlev1.PhotoPlacement) bool) {
	if cover := a.Resource.GetCover(); cover != nil && !yield(cover) {
		return
	}
	for _, block := range a.Resource.GetBlocks() {
		if figure := block.GetFigure(); figure != nil && !yield(figure.GetPlacement()) {
			return
		}
		for _, placement := range block.GetGallery().GetPlacements() {
			if !yield(placement) {
				return
			}
		}
	}
}

func (a Article) image(photo *articlev1.PlacedPhoto) (Image, bool) {
	image := a.choose(photo, photo.GetRenditions(), mediav1.Rendition_CROP_UNSPECIFIED)
	return image, image.URI != ""
}

func (a Article) picture(photo *articlev1.PlacedPhoto, rendition *mediav1.Rendition) Image {
	return Image{
		URI:      a.Site.Absolute(rendition.GetUri()),
		MIMEType: "image/jpeg",
		Width:    rendition.GetWidth(),
		Height:   rendition.GetHeight(),
		Size:     rendition.GetSizeBytes(),
		Alt:      richtext.Line(photo.GetAlt()),
	}
}

// Credit returns who is to be named with the picture of Image; empty when
// nobody is.
func (a Article) Credit() string {
	for placement := range a.placements {
		if _, ok := a.image(placement.GetPlaced()); ok {
			return richtext.Line(placement.GetPlaced().GetCredit())
		}
	}
	return ""
}
