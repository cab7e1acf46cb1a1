package card

import (
	"flag"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	update  = flag.Bool("update", false, "rewrite the golden files")
	outline = flag.String("cards", "", "a folder to write the cards of the golden test to, to be looked at")
)

// TestGolden compares each card with a small drawing of it in characters, in
// which a line that moves, a missing logo or a scrim that is gone can be seen,
// and which does not depend on the last bit of an encoder.
func TestGolden(t *testing.T) {
	p := painter(t)
	logo := photograph(t, 240, 120, plain(color.RGBA{R: 20, G: 60, B: 140, A: 255}))
	for name, in := range map[string]Input{
		"short":   {Title: "Nauja skaitykla", Language: "lt", SiteName: library, Color: "#7a1f3d", Cover: cover(t, window)},
		"long":    {Title: longTitle, Language: "lt", SiteName: "Panevėžio biblioteka", Cover: cover(t, plain(white())), Logo: logo},
		"color":   {Title: longTitle, Language: "lt", SiteName: "Panevėžio biblioteka", Color: "#1d4ed8"},
		"no-name": {Title: "Biblioteka švenčia", Language: "lt"},
	} {
		t.Run(name, func(t *testing.T) {
			card, err := p.Draw(in)
			if err != nil {
				t.Fatal(err)
			}
			if *outline != "" {
				if err := os.WriteFile(filepath.Join(*outline, name+".jpg"), card.JPEG, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join("testdata", name+".txt")
			got := inCharacters(pixels(decoded(t, card.JPEG)))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if far := differing(string(want), got); far > 6 {
				t.Errorf("%d squares differ (-want +got):\n%s", far, cmp.Diff(string(want), got))
			}
		})
	}
}

// shades are characters from dark to light.
const shades = " .:-=+*#%@"

// inCharacters draws a picture as squares of 10 x 21 pixels, from dark to light.
func inCharacters(picture *image.RGBA) string {
	var out strings.Builder
	for top := 0; top < Height; top += 21 {
		for left := 0; left < Width; left += 10 {
			var sum float64
			for y := top; y < top+21; y++ {
				for x := left; x < left+10; x++ {
					c := picture.RGBAAt(x, y)
					sum += 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)
				}
			}
			out.WriteByte(shades[min(int(sum/210/25.6), 9)])
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// differing counts the squares that are more than one shade apart: one on the
// verge of two may go either way.
func differing(a, b string) int {
	if len(a) != len(b) {
		return max(len(a), len(b))
	}
	var count int
	for i := range len(a) {
		from, to := strings.IndexByte(shades, a[i]), strings.IndexByte(shades, b[i])
		if from-to > 1 || to-from > 1 {
			count++
		}
	}
	return count
}
