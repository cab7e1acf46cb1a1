package site

import (
	"bytes"
	"html/template"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// A photo is shown whole unless it is there as it is to be cut, and the sizes of
// one shape never stand beside those of another.
func TestPhotoChoice(t *testing.T) {
	at := func(file string, f mediav1.Rendition_Format, crop mediav1.Rendition_Crop, width, height int32) *mediav1.Rendition {
		return &mediav1.Rendition{Uri: "/media/abc/xyz/r1/" + file, Format: f, Crop: crop, Width: width, Height: height}
	}
	whole := []*mediav1.Rendition{
		at("320.jpg", mediav1.Rendition_FORMAT_JPEG, 0, 320, 240), at("320.avif", mediav1.Rendition_FORMAT_AVIF, 0, 320, 240),
		at("640.jpg", mediav1.Rendition_FORMAT_JPEG, 0, 640, 480), at("640.webp", mediav1.Rendition_FORMAT_WEBP, 0, 640, 480),
	}
	cut := []*mediav1.Rendition{
		at("640-wide.jpg", mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_CROP_WIDE, 640, 360),
		at("640-wide.avif", mediav1.Rendition_FORMAT_AVIF, mediav1.Rendition_CROP_WIDE, 640, 360),
		at("320-square.avif", mediav1.Rendition_FORMAT_AVIF, mediav1.Rendition_CROP_SQUARE, 320, 320), // its JPEG is not there
	}
	uncut := photo{
		Width: 1000, Height: 750, Source: "/media/abc/xyz/r1/640.jpg", Largest: "/media/abc/xyz/r1/640.jpg",
		JPEG: "/media/abc/xyz/r1/320.jpg 320w, /media/abc/xyz/r1/640.jpg 640w",
		WebP: "/media/abc/xyz/r1/640.webp 640w", AVIF: "/media/abc/xyz/r1/320.avif 320w",
	}
	for crop, want := range map[mediav1.Rendition_Crop]photo{
		mediav1.Rendition_CROP_UNSPECIFIED: uncut,
		mediav1.Rendition_CROP_CLASSIC:     uncut,
		mediav1.Rendition_CROP_SQUARE:      uncut,
		mediav1.Rendition_CROP_WIDE: {
			Width: 640, Height: 360, Source: "/media/abc/xyz/r1/640-wide.jpg", Largest: "/media/abc/xyz/r1/640.jpg",
			JPEG: "/media/abc/xyz/r1/640-wide.jpg 640w", AVIF: "/media/abc/xyz/r1/640-wide.avif 640w",
		},
	} {
		got := photo{Width: 1000, Height: 750}
		got.renditions(whole)
		got.cut(cut, crop)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", crop, diff)
		}
	}
}

// The AVIF and JPEG of an animation stand still, so what moves comes first, and
// only to readers who do not mind.
func TestAnimationComesFirst(t *testing.T) {
	at := func(file string, f mediav1.Rendition_Format) *mediav1.Rendition {
		return &mediav1.Rendition{
			Uri: "/media/abc/xyz/r1/" + file, Format: f, Width: 320, Height: 240, Animated: f == mediav1.Rendition_FORMAT_WEBP,
		}
	}
	view := photo{ID: "p1", Width: 320, Height: 240, Sizes: "100vw"}
	view.renditions([]*mediav1.Rendition{
		at("320.jpg", mediav1.Rendition_FORMAT_JPEG), at("320.webp", mediav1.Rendition_FORMAT_WEBP), at("320.avif", mediav1.Rendition_FORMAT_AVIF),
	})
	pages, err := template.ParseFS(embedded, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := pages.ExecuteTemplate(&page, "picture", view); err != nil {
		t.Fatal(err)
	}
	var order []string
	for line := range strings.Lines(page.String()) {
		if tag, _, found := strings.Cut(strings.TrimSpace(line), ` sizes=`); found {
			order = append(order, tag)
		}
	}
	want := []string{
		`<source type="image/webp" media="(prefers-reduced-motion: no-preference)" srcset="/media/abc/xyz/r1/320.webp 320w"`,
		`<source type="image/avif" srcset="/media/abc/xyz/r1/320.avif 320w"`,
		`<img id="p1" src="/media/abc/xyz/r1/320.jpg" srcset="/media/abc/xyz/r1/320.jpg 320w"`,
	}
	if diff := cmp.Diff(want, order); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}
