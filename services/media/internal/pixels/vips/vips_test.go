package vips_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

func TestMain(m *testing.M) {
	if err := vips.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// plain is a PNG of one color.
func plain(t *testing.T, width, height int, c color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func master(t *testing.T, file []byte) *vips.Image {
	t.Helper()
	img, err := vips.Master(file, 1000, 1000, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(img.Close)
	return img
}

func TestHeader(t *testing.T) {
	img := master(t, plain(t, 30, 20, color.White))
	for suffix, loader := range map[string]string{
		".jpg":  "VipsForeignLoadJpegBuffer",
		".png":  "VipsForeignLoadPngBuffer",
		".webp": "VipsForeignLoadWebpBuffer",
		".gif":  "VipsForeignLoadNsgifBuffer",
		".tif":  "VipsForeignLoadTiffBuffer",
		".avif": "VipsForeignLoadHeifBuffer",
	} {
		file, err := img.Encode(suffix)
		if err != nil {
			t.Fatal(err)
		}
		header, err := vips.ReadHeader(file)
		if err != nil {
			t.Fatal(err)
		}
		if header.Loader != loader || header.Width != 30 || header.Height != 20 || header.Pages != 1 || header.Heavy {
			t.Errorf("%s: got %+v", suffix, header)
		}
	}
}

func TestOtherReadersAreBlocked(t *testing.T) {
	for name, file := range map[string]string{
		"SVG":    `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>`,
		"PPM":    "P6 1 1 255\nabc",
		"PDF":    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
		"matrix": "2 2\n1 2\n3 4\n",
		"text":   "Labas",
	} {
		if header, err := vips.ReadHeader([]byte(file)); err == nil {
			t.Errorf("%s: read as %s", name, header.Loader)
		}
		if img, err := vips.Master([]byte(file), 10, 10, false); err == nil {
			img.Close()
			t.Errorf("%s was decoded", name)
		}
	}
}

// Formats that libvips writes here, too, and would read.
func TestReadersOfOtherPicturesAreBlocked(t *testing.T) {
	img := master(t, plain(t, 30, 20, color.White))
	for _, suffix := range []string{".jp2", ".jxl", ".hdr", ".ppm", ".v", ".mat", ".csv"} {
		file, err := img.Encode(suffix)
		if err != nil {
			t.Logf("libvips does not write %s to memory here", suffix)
			continue
		}
		if header, err := vips.ReadHeader(file); err == nil {
			t.Errorf("%s: read as %s", suffix, header.Loader)
		}
	}
}

func TestNothingIsNoPhoto(t *testing.T) {
	if _, err := vips.ReadHeader(nil); err == nil {
		t.Error("a header was read of nothing")
	}
	if _, err := vips.Master(nil, 10, 10, false); err == nil {
		t.Error("nothing was decoded")
	}
}

func TestMasterShrinksAndNeverEnlarges(t *testing.T) {
	file := plain(t, 300, 200, color.White)
	for _, c := range []struct{ width, height, wantWidth, wantHeight int }{
		{150, 1000, 150, 100},
		{1000, 50, 75, 50},
		{1000, 1000, 300, 200},
	} {
		img, err := vips.Master(file, c.width, c.height, false)
		if err != nil {
			t.Fatal(err)
		}
		if img.Width() != c.wantWidth || img.Height() != c.wantHeight {
			t.Errorf("fit %d x %d: got %d x %d", c.width, c.height, img.Width(), img.Height())
		}
		img.Close()
	}
}

func TestShrinkIsExact(t *testing.T) {
	img := master(t, plain(t, 333, 222, color.White))
	for _, size := range [][2]int{{100, 67}, {1, 1}, {333, 222}} {
		small, err := img.Shrink(size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		if small.Width() != size[0] || small.Height() != size[1] {
			t.Errorf("got %d x %d, want %v", small.Width(), small.Height(), size)
		}
		small.Close()
	}
}

func TestColorsSurvive(t *testing.T) {
	want := color.NRGBA{R: 200, G: 100, B: 50, A: 255}
	img := master(t, plain(t, 64, 64, want))
	for _, suffix := range []string{".png", ".webp[lossless]", ".tif", ".gif"} {
		file, err := img.Encode(suffix)
		if err != nil {
			t.Fatal(err)
		}
		rgba, _, _, err := master(t, file).Miniature(8)
		if err != nil {
			t.Fatal(err)
		}
		if got := (color.NRGBA{R: rgba[0], G: rgba[1], B: rgba[2], A: rgba[3]}); got != want {
			t.Errorf("%s: got %v, want %v", suffix, got, want)
		}
	}
}

func TestLabelIsAllThatIsWritten(t *testing.T) {
	packet := `<x:xmpmeta xmlns:x="adobe:ns:meta/">mark</x:xmpmeta>`
	labeled := master(t, plain(t, 64, 64, color.Black))
	labeled.Label([]byte(packet))
	for _, c := range []struct {
		name string
		from *vips.Image
		want string
	}{
		{"labeled", labeled, packet},
		{"plain", master(t, plain(t, 64, 64, color.Black)), ""},
	} {
		small, err := c.from.Shrink(32, 32)
		if err != nil {
			t.Fatal(err)
		}
		jpegFile, errJPEG := small.JPEG(80)
		webpFile, errWebP := small.WebP(78, 4)
		small.Close()
		if errJPEG != nil || errWebP != nil {
			t.Fatal(errJPEG, errWebP)
		}
		for format, file := range map[string][]byte{"JPEG": jpegFile, "WebP": webpFile} {
			header, err := vips.ReadHeader(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(header.XMP); got != c.want {
				t.Errorf("%s %s holds the packet %q, want %q", c.name, format, got, c.want)
			}
		}
	}
}
