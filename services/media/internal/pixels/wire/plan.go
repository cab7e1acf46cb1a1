package wire

import "slices"

// Plan lists the renditions that a request asks for of a photo, in the order
// they are made in: format by format, of each the ladder before the crops, of
// each crop and of the ladder the largest width first. Both ends compute it,
// so that the worker need not be believed.
func Plan(r Request, photo Info) []Rendition {
	var plan []Rendition
	for _, format := range r.Formats {
		rungs := Ladder(r.Widths, photo.Width)
		if len(r.LadderFormats) > 0 && !slices.Contains(r.LadderFormats, format) {
			rungs = nil
		}
		for _, width := range rungs {
			plan = append(plan, Rendition{
				Format: format, Width: width, Height: Height(width, photo.Width, photo.Height),
				Animated: format == WebP && photo.Frames > 1 && Animates(r.MediaType),
			})
		}
		for _, crop := range r.Crops {
			if len(crop.Formats) > 0 && !slices.Contains(crop.Formats, format) {
				continue
			}
			for _, width := range crop.widths(photo) {
				plan = append(plan, Rendition{Format: format, Crop: crop.Name, Width: width, Height: crop.Height(width)})
			}
		}
	}
	return plan
}

// Animates says whether several pages of such a file are an animation.
func Animates(mediaType string) bool { return mediaType == "image/gif" || mediaType == "image/webp" }

// widths returns the wanted widths that the photo can give without being
// enlarged, the largest first; where it can give none, the one that it can.
func (c CropSpec) widths(photo Info) []int {
	most, _ := c.Fit(photo.Width, photo.Height)
	widths := slices.DeleteFunc(slices.Clone(c.Widths), func(w int) bool { return w > most })
	if len(widths) == 0 {
		return []int{most}
	}
	slices.SortFunc(widths, func(a, b int) int { return b - a })
	return slices.Compact(widths)
}

// Fit returns the size of the largest part with the crop's shape that fits
// into width and height, at least 1 x 1.
func (c CropSpec) Fit(width, height int) (cropWidth, cropHeight int) {
	if width*c.AspectHeight > height*c.AspectWidth {
		return max(1, height*c.AspectWidth/c.AspectHeight), height
	}
	return width, max(1, width*c.AspectHeight/c.AspectWidth)
}

// Height is the height that belongs to a width of the crop, rounded, at least
// 1.
func (c CropSpec) Height(width int) int { return Height(width, c.AspectWidth, c.AspectHeight) }
