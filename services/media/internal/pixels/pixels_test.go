package pixels_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// quarters is red, green, blue and white, clockwise from the top left.
func quarters(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i, c := range []color.NRGBA{{R: 255, A: 255}, {G: 255, A: 255}, {R: 255, G: 255, B: 255, A: 255}, {B: 255, A: 255}} {
		x, y := i%2*width/2, i/2*height/2
		draw.Draw(img, image.Rect(x, y, x+width/2, y+height/2), image.NewUniform(c), image.Point{}, draw.Src)
	}
	return img
}

// corners names the colors of the four quarters, clockwise from the top left.
func corners(t *testing.T, file []byte) string {
	t.Helper()
	img, err := vips.Master(file, 4096, 4096, false)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	rgba, w, h, err := img.Miniature(64)
	if err != nil {
		t.Fatal(err)
	}
	var names []byte
	for _, at := range [][2]int{{w / 4, h / 4}, {w * 3 / 4, h / 4}, {w * 3 / 4, h * 3 / 4}, {w / 4, h * 3 / 4}} {
		p := rgba[(at[1]*w+at[0])*4:]
		bright := 0
		for c := range 3 {
			if p[c] > 200 {
				bright |= 1 << c
			} else if p[c] > 60 {
				bright |= 8
			}
		}
		names = append(names, "?RG?B??W????????"[bright])
	}
	return string(names)
}

// miniature is a small copy of a picture, as RGBA.
func miniature(t *testing.T, file []byte) []byte {
	t.Helper()
	img, err := vips.Master(file, 4096, 4096, false)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	rgba, _, _, err := img.Miniature(64)
	if err != nil {
		t.Fatal(err)
	}
	return rgba
}

// turned adds an EXIF orientation to a JPEG.
func turned(file []byte, orientation uint16) []byte {
	return phototest.WithExif(file, phototest.Exif([]phototest.Tag{phototest.Short(0x112, orientation)}, nil, nil))
}

func TestTurnedUpright(t *testing.T) {
	p := newProcessor(t, nil)
	plain := phototest.JPEG(t, quarters(400, 200))
	for orientation, want := range []string{"RGBW", "RGBW", "GRWB", "BWRG", "WBGR", "RWBG", "WRGB", "BGRW", "GBWR"} {
		got, err := render(t.Context(), p, turned(plain, uint16(orientation)), pixels.Job{})
		if err != nil {
			t.Fatal(err)
		}
		width, height := 400, 200
		if orientation >= 5 {
			width, height = 200, 400
		}
		if got.info.Width != width || got.info.Height != height {
			t.Errorf("orientation %d: info says %d x %d", orientation, got.info.Width, got.info.Height)
		}
		for _, r := range got.renditions {
			checkRendition(t, r)
			if c := corners(t, r.Data); c != want {
				t.Errorf("orientation %d: %d wide %s has corners %s, want %s", orientation, r.Width, r.Format, c, want)
			}
		}
	}
}

func TestEveryFormatIn(t *testing.T) {
	p := newProcessor(t, nil)
	source := quarters(500, 300)
	var plain bytes.Buffer
	if err := png.Encode(&plain, source); err != nil {
		t.Fatal(err)
	}
	deep := image.NewNRGBA64(source.Bounds())
	draw.Draw(deep, deep.Bounds(), source, image.Point{}, draw.Src)
	var deepFile bytes.Buffer
	if err := png.Encode(&deepFile, deep); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, mediaType string
		file            []byte
	}{
		{"jpeg", "image/jpeg", phototest.JPEG(t, source)},
		{"png", "image/png", plain.Bytes()},
		{"png of 16 bits", "image/png", deepFile.Bytes()},
		{"webp", "image/webp", phototest.Encoded(t, plain.Bytes(), ".webp[lossless]")},
		{"heic", "image/heic", phototest.Encoded(t, plain.Bytes(), ".heic[Q=95]")},
		{"avif", "image/avif", phototest.Encoded(t, plain.Bytes(), ".avif[Q=95,effort=0]")},
		{"tiff", "image/tiff", phototest.Encoded(t, plain.Bytes(), ".tif[compression=lzw]")},
		{"gif", "image/gif", phototest.Encoded(t, plain.Bytes(), ".gif")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := render(t.Context(), p, c.file, pixels.Job{})
			if err != nil {
				t.Fatal(err)
			}
			if got.info.MediaType != c.mediaType || got.info.Width != 500 || got.info.Height != 300 {
				t.Errorf("info %+v", got.info)
			}
			var widths []int
			for _, r := range got.renditions {
				checkRendition(t, r)
				widths = append(widths, r.Width)
				if names := corners(t, r.Data); names != "RGBW" {
					t.Errorf("%d wide %s has corners %s", r.Width, r.Format, names)
				}
			}
			if want := [4]int{500, 320, 500, 320}; len(widths) != 4 || [4]int(widths) != want {
				t.Errorf("got widths %v, want %v", widths, want)
			}
		})
	}
}

func TestTransparency(t *testing.T) {
	clear := image.NewNRGBA(image.Rect(0, 0, 400, 400)) // wholly transparent
	draw.Draw(clear, image.Rect(0, 0, 400, 200), image.NewUniform(color.NRGBA{R: 255, A: 255}), image.Point{}, draw.Src)
	var file bytes.Buffer
	if err := png.Encode(&file, clear); err != nil {
		t.Fatal(err)
	}
	got, err := render(t.Context(), newProcessor(t, nil), file.Bytes(), pixels.Job{Widths: []int{400}})
	if err != nil {
		t.Fatal(err)
	}
	if got.info.Color != "#ff0000" {
		t.Errorf("dominant color %s, want red: what is transparent must not count", got.info.Color)
	}
	if c := corners(t, got.renditions[0].Data); c != "RRWW" {
		t.Errorf("JPEG corners %s, want white where it was transparent", c)
	}
	img, err := vips.Master(got.renditions[1].Data, 400, 400, false)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	rgba, w, h, err := img.Miniature(32)
	if err != nil {
		t.Fatal(err)
	}
	if top, bottom := rgba[3], rgba[(w*h-1)*4+3]; top != 255 || bottom != 0 {
		t.Errorf("WebP alpha is %d above and %d below, want 255 and 0", top, bottom)
	}
}

func TestGreyBecomesColor(t *testing.T) {
	grey := image.NewGray(image.Rect(0, 0, 64, 64))
	draw.Draw(grey, grey.Bounds(), image.NewUniform(color.Gray{Y: 128}), image.Point{}, draw.Src)
	got, err := render(t.Context(), newProcessor(t, nil), phototest.JPEG(t, grey), pixels.Job{})
	if err != nil {
		t.Fatal(err)
	}
	if got.info.Color != "#808080" {
		t.Errorf("dominant color %s, want #808080", got.info.Color)
	}
	img, err := jpeg.Decode(bytes.NewReader(got.renditions[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b, _ := img.At(32, 32).RGBA(); r>>8 != 128 || g>>8 != 128 || b>>8 != 128 {
		t.Errorf("pixel is %d %d %d, want 128 thrice", r>>8, g>>8, b>>8)
	}
}

func TestAVIFWhenAskedFor(t *testing.T) {
	var file bytes.Buffer
	if err := png.Encode(&file, quarters(400, 300)); err != nil {
		t.Fatal(err)
	}
	job := pixels.Job{Formats: []pixels.Format{pixels.JPEG, pixels.AVIF}, Credit: "Ona"}
	got, err := render(t.Context(), newProcessor(t, nil), file.Bytes(), job)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.renditions) != 4 {
		t.Fatalf("got %d renditions, want 4", len(got.renditions))
	}
	for i, r := range got.renditions {
		checkRendition(t, r)
		if want := []pixels.Format{pixels.JPEG, pixels.JPEG, pixels.AVIF, pixels.AVIF}[i]; r.Format != want {
			t.Errorf("rendition %d is %s, want %s", i, r.Format, want)
		}
		if c := corners(t, r.Data); c != "RGBW" {
			t.Errorf("%d wide %s has corners %s", r.Width, r.Format, c)
		}
		if said := label(t, r); said.CreditLine != "Ona" {
			t.Errorf("%d wide %s has credit %q", r.Width, r.Format, said.CreditLine)
		}
	}
}

func TestJobChoosesWidthsAndFormats(t *testing.T) {
	job := pixels.Job{Widths: []int{100, 300, 5000}, Formats: []pixels.Format{pixels.WebP}}
	got, err := render(t.Context(), newProcessor(t, nil), phototest.PNG(t, phototest.Gradient(500, 250)), job)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.renditions) != 3 {
		t.Fatalf("got %d renditions, want 3", len(got.renditions))
	}
	for i, width := range []int{500, 300, 100} {
		if r := got.renditions[i]; r.Format != pixels.WebP || r.Width != width || r.Height != width/2 {
			t.Errorf("rendition %d is %s %d x %d", i, r.Format, r.Width, r.Height)
		}
	}
}

func TestOddShapes(t *testing.T) {
	p := newProcessor(t, nil)
	for _, size := range [][2]int{{1, 1}, {1, 5000}, {5000, 1}, {3, 16384}, {16384, 3}, {2561, 7}, {1281, 999}, {2700, 16384}} {
		photo := phototest.JPEG(t, image.NewGray(image.Rect(0, 0, size[0], size[1])))
		got, err := render(t.Context(), p, photo, pixels.Job{Widths: []int{320, 1280, 2560}})
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		for _, r := range got.renditions {
			checkRendition(t, r)
		}
	}
}
