package pixels_test

import (
	"encoding/binary"
	"image/color"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// durations reads how long each frame of a WebP is shown, in milliseconds, and
// how often it runs.
func durations(file []byte) (all []int, loops int) {
	for at := 12; at+8 <= len(file); {
		size := int(binary.LittleEndian.Uint32(file[at+4:]))
		body := file[at+8 : min(len(file), at+8+size)]
		switch string(file[at : at+4]) {
		case "ANIM":
			loops = int(binary.LittleEndian.Uint16(body[4:]))
		case "ANMF":
			all = append(all, int(body[12])|int(body[13])<<8|int(body[14])<<16)
		}
		at += 8 + size + size%2
	}
	return all, loops
}

func TestAnimationsStayAnimated(t *testing.T) {
	p := newProcessor(t, nil)
	source := phototest.GIF(t, 500, 300, color.NRGBA{R: 255, A: 255}, color.NRGBA{G: 255, A: 255}, color.NRGBA{B: 255, A: 255})
	job := pixels.Job{
		Widths: []int{100, 320, 5000}, Formats: []pixels.Format{pixels.JPEG, pixels.WebP, pixels.AVIF},
		Crops: shapes()[:1], Credit: "Ona Žvėrynaitė",
	}
	for _, c := range []struct {
		name, mediaType string
		file            []byte
	}{
		{"GIF", "image/gif", source},
		{"WebP", "image/webp", phototest.Animated(t, source, ".webp[lossless]")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := render(t.Context(), p, c.file, job)
			if err != nil {
				t.Fatal(err)
			}
			if i := got.info; i.MediaType != c.mediaType || i.Width != 500 || i.Height != 300 || i.Frames != 3 {
				t.Errorf("info %+v", i)
			}
			want := []string{
				"jpeg 500x300", "jpeg 320x192", "jpeg 100x60", "jpeg wide 320x180",
				"webp 500x300", "webp 320x192", "webp 100x60", "webp wide 320x180",
				"avif 500x300", "avif 320x192", "avif 100x60", "avif wide 320x180",
			}
			if diff := cmp.Diff(want, names(got.renditions)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for _, r := range got.renditions {
				checkFrames(t, r)
				if said := label(t, r); said.CreditLine != "Ona Žvėrynaitė" {
					t.Errorf("%s %s %d wide: credit %q", r.Format, r.Crop, r.Width, said.CreditLine)
				}
			}
		})
	}
}

// checkFrames wants red, green and blue of an animated rendition and red of
// all others.
func checkFrames(t *testing.T, r pixels.Rendition) {
	t.Helper()
	if want := r.Format == pixels.WebP && r.Crop == ""; r.Animated != want {
		t.Errorf("%s %s %d wide: animated is %v", r.Format, r.Crop, r.Width, r.Animated)
	}
	want, pages := []color.NRGBA{{R: 255, A: 255}}, 1
	if r.Animated {
		want, pages = append(want, color.NRGBA{G: 255, A: 255}, color.NRGBA{B: 255, A: 255}), 3
		if shown, loops := durations(r.Data); !slices.Equal(shown, []int{100, 200, 300}) || loops != 3 {
			t.Errorf("%d wide: frames are shown for %v ms, %d times", r.Width, shown, loops)
		}
	}
	header, err := vips.ReadHeader(r.Data)
	if err != nil {
		t.Fatal(err)
	}
	if header.Pages != pages || header.Width != r.Width || header.Height != r.Height {
		t.Errorf("%s %s: %d pages of %d x %d, want %d of %d x %d",
			r.Format, r.Crop, header.Pages, header.Width, header.Height, pages, r.Width, r.Height)
	}
	img, err := vips.Master(r.Data, 4096, 1<<14, r.Animated)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	for i, c := range want {
		if got := img.At(r.Width/2, i*r.Height+r.Height/2); !near(got, c, 12) {
			t.Errorf("%s %s %d wide: frame %d is %v, want %v", r.Format, r.Crop, r.Width, i, got, c)
		}
	}
}

// near says whether two colors differ by at most a tolerance in each channel.
func near(a, b color.NRGBA, tolerance int) bool {
	far := func(x, y uint8) bool { return max(int(x)-int(y), int(y)-int(x)) > tolerance }
	return !far(a.R, b.R) && !far(a.G, b.G) && !far(a.B, b.B) && !far(a.A, b.A)
}

// A film that never ends and one frame that is not an animation.
func TestAnimationsThatAreNone(t *testing.T) {
	got, err := render(t.Context(), newProcessor(t, nil), phototest.Frames(t, 1, 300, 200), pixels.Job{Widths: []int{100}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range got.renditions {
		if frames, _ := durations(r.Data); r.Animated || len(frames) > 0 {
			t.Errorf("%s: animated is %v, %d frames", r.Format, r.Animated, len(frames))
		}
	}
}

// Pages of a TIFF are no animation: the first is the photo.
func TestPagesAreNoAnimation(t *testing.T) {
	file := phototest.Animated(t, phototest.GIF(t, 200, 100, color.White, color.Black), ".tif")
	got, err := render(t.Context(), newProcessor(t, nil), file, pixels.Job{Widths: []int{100}})
	if err != nil {
		t.Fatal(err)
	}
	if got.info.Frames != 2 || got.info.Color != "#ffffff" || got.info.Height != 100 {
		t.Errorf("info %+v", got.info)
	}
	for _, r := range got.renditions {
		if frames, _ := durations(r.Data); r.Animated || len(frames) > 0 || r.Height != 50 {
			t.Errorf("%s: animated is %v, %d frames, %d high", r.Format, r.Animated, len(frames), r.Height)
		}
	}
}
