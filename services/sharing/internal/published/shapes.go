package published

import (
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Shapes returns what Image does, and the same photo in other shapes where it
// was cut: search engines choose the one that they have room for. An article
// without photos has its card.
func (a Article) Shapes() []Image {
	for placement := range a.placements {
		photo := placement.GetPlaced()
		whole, ok := a.image(photo)
		if !ok {
			continue
		}
		images := []Image{whole}
		for _, crop := range []mediav1.Rendition_Crop{
			mediav1.Rendition_CROP_WIDE, mediav1.Rendition_CROP_CLASSIC, mediav1.Rendition_CROP_SQUARE,
		} {
			if cut := a.choose(photo, photo.GetCutRenditions(), crop); cut.URI != "" {
				images = append(images, cut)
			}
		}
		return images
	}
	if a.Card != nil {
		return []Image{*a.Card}
	}
	return nil
}

// Within returns the picture to show beside a link where there is room for so
// many pixels only: the card if it fits, or else the largest JPEG of the photo
// that does. A limit of 0 is none. It returns false when nothing fits.
func (a Article) Within(width, height int32) (Image, bool) {
	fits := func(w, h int32) bool {
		return w > 0 && h > 0 && (width <= 0 || w <= width) && (height <= 0 || h <= height)
	}
	if preview, ok := a.Preview(); ok && fits(preview.Width, preview.Height) {
		return preview, true
	}
	for placement := range a.placements {
		photo := placement.GetPlaced()
		if _, ok := a.image(photo); !ok {
			continue
		}
		var best *mediav1.Rendition
		for _, r := range photo.GetRenditions() {
			if isWholeJPEG(r) && fits(r.GetWidth(), r.GetHeight()) && r.GetWidth() > best.GetWidth() {
				best = r
			}
		}
		if best == nil {
			return Image{}, false
		}
		return a.picture(photo, best), true
	}
	return Image{}, false
}

// choose returns the smallest JPEG of a shape that is at least 1200 pixels wide,
// or else the widest; without an address when there is none.
func (a Article) choose(photo *articlev1.PlacedPhoto, renditions []*mediav1.Rendition, crop mediav1.Rendition_Crop) Image {
	var best *mediav1.Rendition
	for _, r := range renditions {
		if r.GetCrop() != crop || r.GetFormat() != mediav1.Rendition_FORMAT_JPEG || r.GetUri() == "" {
			continue
		}
		if best == nil || better(r.GetWidth(), best.GetWidth()) {
			best = r
		}
	}
	if best == nil {
		return Image{}
	}
	return a.picture(photo, best)
}

// better reports whether a width serves previews better than another one: wide
// enough before too narrow, then the one that is closer to just wide enough.
func better(width, than int32) bool {
	if than < previewWidth {
		return width > than
	}
	return width >= previewWidth && width < than
}

func isWholeJPEG(r *mediav1.Rendition) bool {
	return r.GetCrop() == mediav1.Rendition_CROP_UNSPECIFIED && r.GetFormat() == mediav1.Rendition_FORMAT_JPEG && r.GetUri() != ""
}
