package appearance

import (
	"fmt"
	"math"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// mostLost is the share of a picture that may be cut off before it is told.
const mostLost = 0.1

func imageMissing(_ Network, p Page) (hit, bool) {
	return hit{source: openGraph}, p.Preview.GetImage() == nil
}

func imageFormat(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	return hit{count: image.GetMimeType(), text: image.GetUri(), source: openGraph}, image != nil && !n.format(image)
}

func imageTooSmall(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	return sized(n.Picture.Least, image), image != nil && n.tooSmall(image)
}

func imageTooLarge(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	return sized(n.Picture.Most, image), image != nil && n.tooLarge(image)
}

// imageSmall finds pictures that are shown, but as a thumbnail beside the text.
func imageSmall(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	return sized(n.Picture.Large, image), n.takes(image) && known(image) && !n.large(image)
}

func imageTooHeavy(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	most := n.Picture.Weight
	return hit{limit: number(most.Max), count: number(image.GetSize()), text: image.GetUri(), source: most.Source},
		image != nil && n.tooHeavy(image)
}

// imageUnmeasured finds pictures whose size the page does not tell: the first
// person who shares it then sees none.
func imageUnmeasured(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	return hit{text: image.GetUri(), source: facebookImages},
		n.ID == sharingv1.PreviewNetwork_PREVIEW_NETWORK_FACEBOOK && image != nil && !known(image)
}

// imageCut finds pictures of which the frame of a network hides more than a
// tenth. A draft has its card cut to the frame once it is published.
func imageCut(n Network, p Page) (hit, bool) {
	image := p.Preview.GetImage()
	lost := n.lost(image)
	percent := number(int64(math.Round(lost*100))) + "\u00a0%"
	return hit{limit: percent, count: measure(image.GetWidth(), image.GetHeight()), text: image.GetUri(), source: n.Picture.RatioSource},
		!p.Draft && n.takes(image) && lost > mostLost
}

func sized(size Size, image *sharingv1.PreviewImage) hit {
	return hit{
		limit: measure(size.Width, size.Height), count: measure(image.GetWidth(), image.GetHeight()),
		text: image.GetUri(), source: size.Source,
	}
}

// measure writes a size; a side that does not matter is left out.
func measure(width, height int32) string {
	if height == 0 {
		return fmt.Sprintf("%d px", width)
	}
	return fmt.Sprintf("%d × %d px", width, height)
}
