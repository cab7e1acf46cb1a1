package qrcode_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	reader "github.com/makiuchi-d/gozxing/qrcode"

	"github.com/skaitykla/skaitykla/services/sharing/internal/qrcode"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const link = "HTTPS://BIBLIOTEKA.LT/S/K7M2P4QX.Q"

func levels() []qrcode.Level {
	return []qrcode.Level{qrcode.LevelL, qrcode.LevelM, qrcode.LevelQ, qrcode.LevelH}
}

func encode(t *testing.T, text string, level qrcode.Level) qrcode.Code {
	t.Helper()
	code, err := qrcode.Encode(text, level)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// read decodes a picture with a reader that is not ours. Unless it is pure, the
// reader has to find the code in the picture first.
func read(t *testing.T, picture image.Image, pure bool) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"}
	if pure {
		hints[gozxing.DecodeHintType_PURE_BARCODE] = true
	}
	result, err := reader.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		t.Fatalf("the reader cannot read it: %v", err)
	}
	return result.GetText()
}

func pngOf(t *testing.T, code qrcode.Code, quiet, pixels int) image.Image {
	t.Helper()
	data, err := code.PNG(quiet, pixels)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// drawSVG draws our SVG as a browser does, as far as our SVG goes: paths of
// rectangles over one another.
func drawSVG(t *testing.T, document []byte, scale int) image.Image {
	t.Helper()
	var picture *image.Paletted
	decoder := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return picture
		}
		if err != nil {
			t.Fatalf("%v in %s", err, document)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes := map[string]string{}
		for _, a := range element.Attr {
			attributes[a.Name.Local] = a.Value
		}
		switch element.Name.Local {
		case "svg":
			var x, y, width, height int
			scan(t, attributes["viewBox"], "%d %d %d %d", &x, &y, &width, &height)
			picture = image.NewPaletted(image.Rect(0, 0, width*scale, height*scale), color.Palette{color.Gray{Y: 128}, color.White, color.Black})
		case "path":
			fillPath(t, picture, attributes, scale)
		}
	}
}

func fillPath(t *testing.T, picture draw.Image, attributes map[string]string, scale int) {
	t.Helper()
	ink := color.Color(color.Black)
	if attributes["fill"] == "#fff" {
		ink = color.White
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(attributes["d"], "z"), "z") {
		var x, y, width, height int
		if strings.HasSuffix(part, "H0") {
			scan(t, part, "M%d %dh%dv%dH0", &x, &y, &width, &height)
		} else {
			var returned int
			scan(t, part, "M%d %dh%dv%dh-%d", &x, &y, &width, &height, &returned)
			if returned != width {
				t.Fatalf("path %q is no rectangle", part)
			}
		}
		at := image.Rect(x*scale, y*scale, (x+width)*scale, (y+height)*scale)
		draw.Draw(picture, at, image.NewUniform(ink), image.Point{}, draw.Src)
	}
}

func scan(t *testing.T, text, format string, values ...any) {
	t.Helper()
	if _, err := fmt.Sscanf(text, format, values...); err != nil {
		t.Fatalf("read %q as %q: %v", text, format, err)
	}
}

func TestSides(t *testing.T) {
	tests := []struct {
		name, text string
		level      qrcode.Level
		want       int
	}{
		{"a short link", link, qrcode.LevelM, 25},
		{"the same in lower case", strings.ToLower(link), qrcode.LevelM, 29},
		{"with a longer host", "HTTPS://NAUJIENOS.BIBLIOTEKA.LT/S/K7M2P4QX.Q", qrcode.LevelM, 29},
		{"with a longer host, level L", "HTTPS://NAUJIENOS.BIBLIOTEKA.LT/S/K7M2P4QX.Q", qrcode.LevelL, 25},
		{"level H", link, qrcode.LevelH, 29},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := encode(t, test.text, test.level).Side(); got != test.want {
				t.Errorf("%q has %d modules a side, want %d", test.text, got, test.want)
			}
		})
	}
}

// TestRead reads codes of every level in both formats back.
func TestRead(t *testing.T) {
	for _, text := range []string{link, strings.ToLower(link), "https://biblioteka.lt/knygų-mugė?a=1&b=2", "A", strings.Repeat("ŽĄSŲ ", 60)} {
		for _, level := range levels() {
			code := encode(t, text, level)
			pixels := code.MinPixels(qrcode.QuietZone) * 4
			if got := read(t, pngOf(t, code, qrcode.QuietZone, pixels), true); got != text {
				t.Errorf("PNG at level %d reads %q, want %q", level, got, text)
			}
			if got := read(t, drawSVG(t, code.SVG("", qrcode.QuietZone, 0), 4), true); got != text {
				t.Errorf("SVG at level %d reads %q, want %q", level, got, text)
			}
		}
	}
}

// TestFound has the reader find the codes of links in the picture, as a camera
// does.
func TestFound(t *testing.T) {
	for _, level := range levels() {
		code := encode(t, link, level)
		for _, pixels := range []int{100, 333, 1000} {
			if got := read(t, pngOf(t, code, qrcode.QuietZone, pixels), false); got != link {
				t.Errorf("level %d, %d pixels: read %q", level, pixels, got)
			}
		}
	}
}

func TestPNGSize(t *testing.T) {
	code := encode(t, link, qrcode.LevelM)
	tests := []struct {
		name          string
		quiet, pixels int
		module        int // pixels
	}{
		{"as small as can be", 4, 33, 1},
		{"one too few for two", 4, 65, 1},
		{"two", 4, 66, 2},
		{"no margin", 0, 25, 1},
		{"wide margin", 20, 650, 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			picture := pngOf(t, code, test.quiet, test.pixels)
			if got := picture.Bounds().Dx(); got != test.pixels || picture.Bounds().Dy() != test.pixels {
				t.Errorf("%v, want %d pixels a side", picture.Bounds(), test.pixels)
			}
			margin := (test.pixels - 25*test.module) / 2
			if margin < test.quiet*test.module {
				t.Fatalf("the margin of %d pixels is too narrow", margin)
			}
			for y := range test.pixels {
				for x := range test.pixels {
					want := x >= margin && y >= margin && code.Dark((x-margin)/test.module, (y-margin)/test.module)
					if red, _, _, _ := picture.At(x, y).RGBA(); (red == 0) != want {
						t.Fatalf("pixel %d, %d is dark: %t, want %t", x, y, red == 0, want)
					}
				}
			}
		})
	}
	if data, err := code.PNG(4, 32); err == nil {
		t.Errorf("32 pixels for 33 modules gave %d bytes", len(data))
	}
}

func TestSVG(t *testing.T) {
	code := encode(t, link, qrcode.LevelM)
	got := string(code.SVG("", 4, 425))
	for _, want := range []string{`viewBox="0 0 33 33"`, `width="425" height="425"`, `max-width:100%`, `role="img"`} {
		if !strings.Contains(got, want) {
			t.Errorf("SVG lacks %s: %s", want, got)
		}
	}
	if strings.Contains(string(code.SVG("", 4, 0)), "width") || strings.Contains(got, "<title>") {
		t.Errorf("SVG has a size or a title that nobody asked for: %s", got)
	}
	for name, text := range sharingtest.Hostile() {
		var document struct {
			Title string   `xml:"title"`
			Paths []string `xml:"path"`
		}
		if err := xml.Unmarshal(code.SVG(text, 4, 0), &document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if len(document.Paths) != 2 {
			t.Errorf("%s: %d paths, want 2", name, len(document.Paths))
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, test := range []struct {
		text  string
		level qrcode.Level
	}{{"", qrcode.LevelL}, {strings.Repeat("x", 1274), qrcode.LevelH}} {
		if code, err := qrcode.Encode(test.text, test.level); err == nil {
			t.Errorf("%d bytes gave a code of %d modules", len(test.text), code.Side())
		}
	}
	if encode(t, strings.Repeat("x", 1273), qrcode.LevelH).Side() != 177 {
		t.Error("1,273 bytes at the level H are not the largest code")
	}
}
