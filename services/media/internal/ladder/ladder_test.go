package ladder

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

func TestRungsFor(t *testing.T) {
	for width, want := range map[int]int{1: 1, 319: 1, 320: 1, 321: 2, 640: 2, 2559: 6, 2560: 6, 9000: 6} {
		if got := rungsFor(width); got != want {
			t.Errorf("rungsFor(%d) = %d, want %d", width, got, want)
		}
	}
}

func TestRenditionsAreSorted(t *testing.T) {
	made := []Made{
		{Format: mediav1.Rendition_FORMAT_WEBP, Width: 640},
		{Format: mediav1.Rendition_FORMAT_JPEG, Width: 640},
		{Format: mediav1.Rendition_FORMAT_WEBP, Width: 320},
		{Format: mediav1.Rendition_FORMAT_JPEG, Width: 320},
	}
	var got []string
	for _, r := range Renditions(photo.Name{Site: "abc", ID: "xyz"}, made) {
		got = append(got, r.GetUri())
	}
	want := []string{
		"/media/abc/xyz/r1/320.jpg", "/media/abc/xyz/r1/320.webp", "/media/abc/xyz/r1/640.jpg", "/media/abc/xyz/r1/640.webp",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("addresses (-want +got):\n%s", diff)
	}
}

// What is made again replaces what was there; another generation goes.
func TestMerge(t *testing.T) {
	name := photo.Name{Site: "abc", ID: "xyz"}
	jpeg := Made{Format: mediav1.Rendition_FORMAT_JPEG, Width: 320, Size: 1}
	webp := Made{Format: mediav1.Rendition_FORMAT_WEBP, Width: 320, Size: 2}
	p := &mediav1.Photo{Renditions: Renditions(name, []Made{jpeg})}
	if got := merge(name, p, []Made{webp, {Format: jpeg.Format, Width: 320, Size: 3}}); len(got) != 2 {
		t.Errorf("merge = %v, want one of each format", got)
	}
	p.Renditions[0].Uri = "/media/abc/xyz/r0/320.jpg"
	if got := merge(name, p, []Made{webp}); len(got) != 1 {
		t.Errorf("merge = %v, want WebP alone", got)
	}
}

func TestExplain(t *testing.T) {
	for reason, want := range map[pixels.Reason]faultv1.Reason{
		pixels.UnsupportedFormat:  faultv1.Reason_REASON_IMAGE_UNSUPPORTED,
		pixels.TooManyBytes:       faultv1.Reason_REASON_IMAGE_TOO_LARGE,
		pixels.TooManyPixels:      faultv1.Reason_REASON_IMAGE_TOO_LARGE,
		pixels.TooManyFrames:      faultv1.Reason_REASON_IMAGE_TOO_LARGE,
		pixels.TooSlow:            faultv1.Reason_REASON_IMAGE_TOO_LARGE,
		pixels.Corrupt:            faultv1.Reason_REASON_IMAGE_DAMAGED,
		pixels.Crashed:            faultv1.Reason_REASON_IMAGE_DAMAGED,
		pixels.Busy:               faultv1.Reason_REASON_TOO_MANY_UPLOADS,
		pixels.SandboxUnavailable: faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
	} {
		err := explain(&pixels.Error{Reason: reason, Message: "do this"})
		e, ok := fault.Of(err)
		if !ok || e.Reason != want || e.Message != "do this" {
			t.Errorf("%s becomes %v, want %v", reason, err, want)
		}
		if got, wanted := final(err), e.Kind == fault.KindInvalid; got != wanted {
			t.Errorf("final(%s) = %v, want %v", reason, got, wanted)
		}
	}
	if other := errors.New("other"); !errors.Is(explain(other), other) || final(other) {
		t.Error("an error of others is not left alone")
	}
}
