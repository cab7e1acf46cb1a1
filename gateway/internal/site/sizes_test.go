package site

import (
	"fmt"
	"strings"
	"testing"
)

// TestSizesGallery reckons the columns of a gallery as site.css lays them out,
// and wants the browser told of a width that a picture fills, and of not much
// more: of less, it loads a file that is blurred on the page.
func TestSizesGallery(t *testing.T) {
	const least, gap, padding, wide = 17.0, 1.25, 3, 60 // rem
	for pictures := 1; pictures <= 8; pictures++ {
		for page := 20.0; page <= 120; page++ {
			room := min(page-padding, wide)
			columns := max(1, min(pictures, int((room+gap)/(least+gap))))
			shown := (room - gap*float64(columns-1)) / float64(columns)
			told := told(t, sizesGallery(pictures), page)
			if told < shown || told > 1.5*shown+padding {
				t.Errorf("%d pictures on a page of %vrem are %.1frem wide, the browser is told %.1frem", pictures, page, shown, told)
			}
		}
	}
}

// told is the width that a sizes attribute tells for a page, both in rem.
func told(t *testing.T, sizes string, page float64) (width float64) {
	t.Helper()
	for part := range strings.SplitSeq(sizes, ", ") {
		from, unit := 0.0, ""
		if condition, rest, found := strings.Cut(part, ") "); found {
			part = rest
			if _, err := fmt.Sscanf(condition, "(min-width: %frem", &from); err != nil {
				t.Fatalf("sizes %q: %v", sizes, err)
			}
		}
		if _, err := fmt.Sscanf(part, "%f%s", &width, &unit); err != nil {
			t.Fatalf("sizes %q: %v", sizes, err)
		}
		if unit == "vw" {
			width *= page / 100
		}
		if page >= from {
			return width
		}
	}
	t.Fatalf("sizes %q tell nothing of %vrem", sizes, page)
	return 0
}
