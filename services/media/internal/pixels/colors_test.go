package pixels_test

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// patches are colors that every profile here can show.
func patches() []color.NRGBA {
	return []color.NRGBA{
		{R: 180, G: 120, B: 90, A: 255},
		{R: 90, G: 130, B: 100, A: 255},
		{R: 70, G: 90, B: 130, A: 255},
		{R: 128, G: 128, B: 128, A: 255},
	}
}

// board paints four patches, from the top left, row by row.
func board(dst draw.Image, colors []color.NRGBA) {
	w, h := dst.Bounds().Dx()/2, dst.Bounds().Dy()/2
	for i, c := range colors {
		x, y := i%2*w, i/2*h
		draw.Draw(dst, image.Rect(x, y, x+w, y+h), image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// checkPatches compares the middle of each patch of each rendition.
func checkPatches(t *testing.T, renditions []pixels.Rendition, want []color.NRGBA, tolerance int) {
	t.Helper()
	for _, r := range renditions {
		img, err := vips.Master(r.Data, 4096, 4096, false)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range want {
			if r.Format == pixels.JPEG && c.A < 255 { // on white
				over := func(v uint8) uint8 { return uint8((int(v)*int(c.A) + 255*(255-int(c.A))) / 255) }
				c = color.NRGBA{R: over(c.R), G: over(c.G), B: over(c.B), A: 255}
			}
			x, y := (1+2*(i%2))*r.Width/4, (1+2*(i/2))*r.Height/4
			if got := img.At(x, y); !near(got, c, tolerance) {
				t.Errorf("%s, patch %d: got %v, want %v", r.Format, i, got, c)
			}
		}
		img.Close()
	}
}

// fromP3 converts a color of Display P3 by the book: the curve of sRGB, then
// the matrix between the primaries (both with the white of D65).
func fromP3(c color.NRGBA) color.NRGBA {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	curve := func(x float64) uint8 {
		if x = 12.92 * x; x > 12.92*0.0031308 {
			x = 1.055*math.Pow(x/12.92, 1/2.4) - 0.055
		}
		return uint8(math.Round(255 * min(1, max(0, x))))
	}
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	return color.NRGBA{
		R: curve(1.2249402*r - 0.2249402*g),
		G: curve(-0.0420570*r + 1.0420570*g),
		B: curve(-0.0196376*r - 0.0786361*g + 1.0982735*b),
		A: c.A,
	}
}

func TestColors(t *testing.T) {
	bounds := image.Rect(0, 0, 400, 300)
	plain, deep, grey, deepGrey := image.NewNRGBA(bounds), image.NewNRGBA64(bounds), image.NewGray(bounds), image.NewGray16(bounds)
	shades := []color.NRGBA{{R: 20, G: 20, B: 20, A: 255}, {R: 90, G: 90, B: 90, A: 255}, {R: 160, G: 160, B: 160, A: 255}, {R: 240, G: 240, B: 240, A: 255}}
	board(plain, patches())
	board(deep, patches())
	board(grey, shades)
	board(deepGrey, shades)
	glass := image.NewNRGBA(bounds)
	sheer := patches()
	sheer[1].A, sheer[3].A = 128, 64
	board(glass, sheer)
	file := phototest.PNG(t, plain)
	p3 := patches()
	for i, c := range p3 {
		p3[i] = fromP3(c)
	}
	lossless := phototest.Encoded(t, file, ".png[profile=p3]")
	for _, c := range []struct {
		name      string
		file      []byte
		want      []color.NRGBA
		tolerance int
	}{
		{"sRGB", file, patches(), 4},
		{"sRGB that says so", phototest.Encoded(t, file, ".png[profile=srgb]"), patches(), 4},
		{"Display P3 PNG", lossless, p3, 5},
		{"Display P3 JPEG", phototest.Encoded(t, file, ".jpg[profile=p3,Q=95]"), p3, 6},
		{"Display P3 there and back", phototest.Exported(t, file, "p3", ".jpg[Q=95]"), patches(), 6},
		{"Display P3 HEIC", phototest.Exported(t, file, "p3", ".heic[Q=95]"), patches(), 8},
		{"Display P3 AVIF", phototest.Exported(t, file, "p3", ".avif[Q=95,effort=0]"), patches(), 8},
		// Printing inks cannot quite show what screens do.
		{"CMYK JPEG", phototest.Exported(t, file, "cmyk", ".jpg[Q=95]"), patches(), 10},
		{"CMYK JPEG without profile", phototest.Exported(t, file, "cmyk", ".jpg[Q=95,strip]"), patches(), 10},
		{"CMYK TIFF", phototest.Exported(t, file, "cmyk", ".tif[compression=lzw]"), patches(), 10},
		{"CMYK TIFF without profile", phototest.Exported(t, file, "cmyk", ".tif[compression=lzw,strip]"), patches(), 10},
		{"16 bit PNG", phototest.PNG(t, deep), patches(), 4},
		{"16 bit TIFF", phototest.TIFF(deep, nil, nil, nil, ""), patches(), 4},
		{"grey PNG", phototest.PNG(t, grey), shades, 4},
		{"grey PNG of 16 bit", phototest.PNG(t, deepGrey), shades, 4},
		{"grey JPEG", phototest.JPEG(t, grey), shades, 4},
		{"alpha PNG", phototest.PNG(t, glass), sheer, 5},
		{"alpha WebP", phototest.Encoded(t, phototest.PNG(t, glass), ".webp[lossless]"), sheer, 5},
		{"alpha TIFF", phototest.Encoded(t, phototest.PNG(t, glass), ".tif"), sheer, 5},
		{"alpha AVIF", phototest.Encoded(t, phototest.PNG(t, glass), ".avif[Q=95,effort=0]"), sheer, 6},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := pixels.Job{Widths: []int{400}, Formats: []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF}}
			got, err := render(t.Context(), newProcessor(t, nil), c.file, job)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.renditions) != 3 {
				t.Fatalf("%d renditions, want 3", len(got.renditions))
			}
			checkPatches(t, got.renditions, c.want, c.tolerance)
		})
	}
}

// The same photograph as the phone wrote it and as a JPEG with its profile.
func TestSamePhotographInDisplayP3(t *testing.T) {
	var small [2][]byte
	for i, name := range []string{"stazuote-danijoje/hjl.heic", "stazuote-danijoje/fgj.jpg"} {
		got, err := render(t.Context(), newProcessor(t, nil), shared(t, name), pixels.Job{Widths: []int{320}, Formats: []pixels.Format{pixels.JPEG}})
		if err != nil {
			t.Fatal(err)
		}
		small[i] = miniature(t, got.renditions[0].Data)
	}
	sum := 0
	for i := range small[0] {
		sum += max(int(small[0][i])-int(small[1][i]), int(small[1][i])-int(small[0][i]))
	}
	if mean := float64(sum) / float64(len(small[0])); len(small[0]) != len(small[1]) || mean > 3 {
		t.Errorf("they differ by %.1f levels on average", mean)
	}
}
