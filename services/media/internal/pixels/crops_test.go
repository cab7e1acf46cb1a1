package pixels_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// shapes are the crops of a newsroom.
func shapes() []pixels.CropSpec {
	return []pixels.CropSpec{
		{Name: "wide", AspectWidth: 16, AspectHeight: 9, Widths: []int{320, 640}},
		{Name: "square", AspectWidth: 1, AspectHeight: 1, Widths: []int{300}},
		{Name: "social", AspectWidth: 1200, AspectHeight: 630, Widths: []int{1200}, Formats: []pixels.Format{pixels.JPEG}},
	}
}

// names lists renditions in their order, "webp wide 640x360".
func names(renditions []pixels.Rendition) []string {
	var all []string
	for _, r := range renditions {
		all = append(all, strings.Join(strings.Fields(fmt.Sprintf("%s %s %dx%d", r.Format, r.Crop, r.Width, r.Height)), " "))
	}
	return all
}

func TestOrderOfWork(t *testing.T) {
	job := pixels.Job{Widths: []int{320, 800}, Formats: []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF}, Crops: shapes()}
	var steps []string
	photo := phototest.JPEG(t, phototest.Gradient(800, 600))
	err := newProcessor(t, nil).Render(t.Context(), bytes.NewReader(photo), int64(len(photo)), job, func(e pixels.Event) error {
		switch {
		case e.Info != nil:
			steps = append(steps, "info")
		case e.Complete != nil:
			steps = append(steps, fmt.Sprintf("complete %s crops=%v", e.Complete.Format, e.Complete.Crops))
		default:
			steps = append(steps, names([]pixels.Rendition{*e.Rendition})...)
			checkRendition(t, *e.Rendition)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"info",
		"jpeg 800x600", "jpeg 320x240", "complete jpeg crops=false",
		"jpeg wide 640x360", "jpeg wide 320x180", "jpeg square 300x300", "jpeg social 800x420", "complete jpeg crops=true",
		"webp 800x600", "webp 320x240", "complete webp crops=false",
		"webp wide 640x360", "webp wide 320x180", "webp square 300x300", "complete webp crops=true",
		"avif 800x600", "avif 320x240", "complete avif crops=false",
		"avif wide 640x360", "avif wide 320x180", "avif square 300x300", "complete avif crops=true",
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A repair asks for what is missing and gets the same files as before.
func TestSubsetIsTheSameAsBefore(t *testing.T) {
	p := newProcessor(t, nil)
	photo := phototest.JPEG(t, phototest.Gradient(700, 500))
	focus := &pixels.FocalPoint{X: 0.2, Y: 0.7}
	all, err := render(t.Context(), p, photo, pixels.Job{Widths: []int{320, 640}, Crops: shapes(), Focus: focus})
	if err != nil {
		t.Fatal(err)
	}
	part, err := render(t.Context(), p, photo, pixels.Job{
		Widths: []int{320, 640}, Crops: shapes(), Focus: focus, Formats: []pixels.Format{pixels.WebP},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := slices.DeleteFunc(slices.Clone(all.renditions), func(r pixels.Rendition) bool { return r.Format != pixels.WebP })
	if diff := cmp.Diff(want, part.renditions); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	crops, err := render(t.Context(), p, photo, pixels.Job{Crops: shapes()[:1], Formats: []pixels.Format{pixels.JPEG}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"jpeg wide 640x360", "jpeg wide 320x180"}, names(crops.renditions)); diff != "" {
		t.Errorf("crops alone (-want +got):\n%s", diff)
	}
}

func TestCropsNeverEnlarge(t *testing.T) {
	p := newProcessor(t, nil)
	for _, c := range []struct {
		width, height int
		want          string
	}{
		{1, 1, "wide 1x1, square 1x1, social 1x1"},
		{100, 50, "wide 88x50, square 50x50, social 95x50"},
		{400, 4000, "wide 320x180, square 300x300, social 400x210"},
		{4000, 200, "wide 320x180, square 200x200, social 380x200"},
	} {
		job := pixels.Job{Widths: []int{320}, Formats: []pixels.Format{pixels.JPEG}, Crops: shapes()}
		got, err := render(t.Context(), p, phototest.JPEG(t, image.NewGray(image.Rect(0, 0, c.width, c.height))), job)
		if err != nil {
			t.Errorf("%d x %d: %v", c.width, c.height, err)
			continue
		}
		crops := strings.ReplaceAll(strings.Join(names(got.renditions[1:]), ", "), "jpeg ", "")
		if crops != c.want {
			t.Errorf("%d x %d: got %s, want %s", c.width, c.height, crops, c.want)
		}
	}
}

// marked is dark with a bright square in the middle of one part of it, where
// parts are counted from the top left in ninths of each side.
func marked(width, height, column, row int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.NRGBA{R: 30, G: 30, B: 30, A: 255}), image.Point{}, draw.Src)
	mark := image.Rect(column*width/9, row*height/9, (column+1)*width/9, (row+1)*height/9)
	draw.Draw(img, mark, image.NewUniform(color.NRGBA{R: 250, G: 60, B: 20, A: 255}), image.Point{}, draw.Src)
	return img
}

// bright is how much of a JPEG shows the mark, 0 to 1.
func bright(t *testing.T, file []byte) float64 {
	t.Helper()
	rgba := miniature(t, file)
	n := 0
	for i := 0; i < len(rgba); i += 4 {
		if rgba[i] > 140 {
			n++
		}
	}
	return float64(n) / float64(len(rgba)/4)
}

func TestCropsShowTheFocalPoint(t *testing.T) {
	p := newProcessor(t, nil)
	square := []pixels.CropSpec{{Name: "square", AspectWidth: 1, AspectHeight: 1, Widths: []int{100, 600}}}
	for _, c := range []struct {
		name        string
		column, row int
		ladder      int // a master of 640 is 213 high, so that 600 takes a decode anew
	}{
		{"left", 0, 4, 1800},
		{"middle", 4, 4, 1800},
		{"right", 8, 4, 1800},
		{"left, beyond the master", 0, 4, 640},
		{"right, beyond the master", 8, 4, 640},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := pixels.Job{Widths: []int{c.ladder}, Formats: []pixels.Format{pixels.JPEG}, Crops: square}
			photo := phototest.JPEG(t, marked(1800, 600, c.column, c.row))
			for _, focus := range []*pixels.FocalPoint{{X: (float64(c.column) + 0.5) / 9, Y: 0.5}, nil} {
				job.Focus = focus
				got, err := render(t.Context(), p, photo, job)
				if err != nil {
					t.Fatal(err)
				}
				if x := (float64(c.column) + 0.5) / 9; math.Abs(got.info.Focus.X-x) > 0.07 || math.Abs(got.info.Focus.Y-0.5) > 0.07 {
					t.Errorf("focal point %v, want %.2f, 0.5", got.info.Focus, x)
				}
				if got.renditions[1].Width != 600 || got.renditions[2].Width != 100 {
					t.Fatalf("got %v", names(got.renditions))
				}
				for _, r := range got.renditions[1:] {
					// The mark is a ninth of the height and a third of the crop's width.
					if part := bright(t, r.Data); part < 0.02 || part > 0.06 {
						t.Errorf("focus %v: %.3f of the %d wide crop shows the mark, want 1/27", focus, part, r.Width)
					}
				}
			}
		})
	}
}

func TestCropOfATurnedPhoto(t *testing.T) {
	// Upright, it is 200 wide, 400 high, and red at the bottom left.
	photo := turned(phototest.JPEG(t, quarters(400, 200)), 8)
	job := pixels.Job{
		Formats: []pixels.Format{pixels.JPEG}, Focus: &pixels.FocalPoint{X: 0.5, Y: 1},
		Crops: []pixels.CropSpec{{Name: "square", AspectWidth: 1, AspectHeight: 1, Widths: []int{200}}},
	}
	got, err := render(t.Context(), newProcessor(t, nil), photo, job)
	if err != nil {
		t.Fatal(err)
	}
	if c := corners(t, got.renditions[0].Data); c != "RWWR" {
		t.Errorf("corners %s, want the lower half, RWWR", c)
	}
}

func TestWrongCrops(t *testing.T) {
	good := shapes()[0]
	change := func(f func(*pixels.CropSpec)) pixels.Job {
		bad := good
		f(&bad)
		return pixels.Job{Crops: []pixels.CropSpec{bad}}
	}
	for name, job := range map[string]pixels.Job{
		"no name":        change(func(c *pixels.CropSpec) { c.Name = "" }),
		"path for name":  change(func(c *pixels.CropSpec) { c.Name = "../a" }),
		"no shape":       change(func(c *pixels.CropSpec) { c.AspectHeight = 0 }),
		"no widths":      change(func(c *pixels.CropSpec) { c.Widths = nil }),
		"width of 1":     change(func(c *pixels.CropSpec) { c.Widths = []int{1} }),
		"unknown format": change(func(c *pixels.CropSpec) { c.Formats = []pixels.Format{"gif"} }),
		"name twice":     {Crops: []pixels.CropSpec{good, good}},
		"too many":       {Crops: slices.Repeat([]pixels.CropSpec{good}, 9)},
		"focus outside":  {Focus: &pixels.FocalPoint{X: 1.1}},
		"focus nowhere":  {Focus: &pixels.FocalPoint{Y: math.NaN()}},
	} {
		if _, err := render(t.Context(), newProcessor(t, nil), phototest.JPEG(t, phototest.Gradient(64, 64)), job); err == nil ||
			!strings.Contains(err.Error(), "job:") {
			t.Errorf("%s: got %v, want an error about the job", name, err)
		}
	}
}
