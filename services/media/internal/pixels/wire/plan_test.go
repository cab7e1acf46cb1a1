package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

func TestFit(t *testing.T) {
	wide := wire.CropSpec{AspectWidth: 16, AspectHeight: 9}
	social := wire.CropSpec{AspectWidth: 1200, AspectHeight: 630}
	for _, c := range []struct {
		name          string
		crop          wire.CropSpec
		width, height int
		want          [2]int
	}{
		{"as it is", wide, 1600, 900, [2]int{1600, 900}},
		{"landscape", wide, 3000, 2000, [2]int{3000, 1687}},
		{"portrait", wide, 2000, 3000, [2]int{2000, 1125}},
		{"panorama", wide, 8000, 900, [2]int{1600, 900}},
		{"pixel", wide, 1, 1, [2]int{1, 1}},
		{"line", wide, 1, 5000, [2]int{1, 1}},
		{"largest side allowed", social, 16384, 16384, [2]int{16384, 8601}},
	} {
		t.Run(c.name, func(t *testing.T) {
			width, height := c.crop.Fit(c.width, c.height)
			if got := [2]int{width, height}; got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if width > c.width || height > c.height {
				t.Errorf("%d x %d is more than %d x %d has", width, height, c.width, c.height)
			}
		})
	}
}

func TestPlan(t *testing.T) {
	request := wire.Request{
		MediaType: "image/gif", Widths: []int{320, 640, 320}, Formats: []wire.Format{wire.JPEG, wire.WebP},
		Crops: []wire.CropSpec{
			{Name: "square", AspectWidth: 1, AspectHeight: 1, Widths: []int{100, 400, 300, 300}},
			{Name: "social", AspectWidth: 2, AspectHeight: 1, Widths: []int{1200}, Formats: []wire.Format{wire.JPEG}},
		},
	}
	got := wire.Plan(request, wire.Info{Width: 600, Height: 301, Frames: 2})
	want := []wire.Rendition{
		{Format: wire.JPEG, Width: 600, Height: 301},
		{Format: wire.JPEG, Width: 320, Height: 161},
		{Format: wire.JPEG, Crop: "square", Width: 300, Height: 300},
		{Format: wire.JPEG, Crop: "square", Width: 100, Height: 100},
		{Format: wire.JPEG, Crop: "social", Width: 600, Height: 300},
		{Format: wire.WebP, Width: 600, Height: 301, Animated: true},
		{Format: wire.WebP, Width: 320, Height: 161, Animated: true},
		{Format: wire.WebP, Crop: "square", Width: 300, Height: 300},
		{Format: wire.WebP, Crop: "square", Width: 100, Height: 100},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	request.MediaType = "image/tiff"
	for _, r := range wire.Plan(request, wire.Info{Width: 600, Height: 301, Frames: 2}) {
		if r.Animated {
			t.Errorf("pages of a TIFF are not frames: %+v", r)
		}
	}
}
