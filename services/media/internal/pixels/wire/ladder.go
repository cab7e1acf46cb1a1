package wire

import "slices"

// Ladder returns the widths to make of a photo of the given width, the largest
// first: those wanted that are smaller than the photo, and on top the largest
// wanted one or the photo's own, whichever is less.
func Ladder(wanted []int, width int) []int {
	if len(wanted) == 0 || width < 1 {
		return nil
	}
	top := min(slices.Max(wanted), width)
	ladder := []int{top}
	for _, w := range wanted {
		if w > 0 && w < top {
			ladder = append(ladder, w)
		}
	}
	slices.SortFunc(ladder, func(a, b int) int { return b - a })
	return slices.Compact(ladder)
}

// Height is the height that belongs to a width of a picture whose full size is
// given, rounded, at least 1.
func Height(width, fullWidth, fullHeight int) int {
	return max(1, (2*fullHeight*width+fullWidth)/(2*fullWidth))
}
