package ladder

import (
	"slices"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// What is made of a photo. Change photo.Settings with any of it.

// widths are the rungs. Nothing is enlarged: a smaller photo gets its own
// width instead of the rungs beyond it.
func widths() []int { return []int{320, 640, 960, 1280, 1920, 2560} }

// crops are the shapes a photo is cut to. They have 2.0 million pixels in each
// format, where the ladder of a photo of 3:2 has 8.9.
func crops() []pixels.CropSpec {
	crop := func(c mediav1.Rendition_Crop, width, height int, widths ...int) pixels.CropSpec {
		return pixels.CropSpec{Name: photo.CropName(c), AspectWidth: width, AspectHeight: height, Widths: widths}
	}
	social := crop(mediav1.Rendition_CROP_SOCIAL, 1200, 630, 1200)
	social.Formats = []pixels.Format{pixels.JPEG}
	return []pixels.CropSpec{
		crop(mediav1.Rendition_CROP_WIDE, 16, 9, 320, 640, 1280),
		crop(mediav1.Rendition_CROP_CLASSIC, 4, 3, 320, 640),
		crop(mediav1.Rendition_CROP_SQUARE, 1, 1, 320, 640),
		social,
	}
}

// jobFor returns what a worker is asked for to make parts of p: everything from
// one decode.
func jobFor(p *mediav1.Photo, parts []photo.Part) pixels.Job {
	job := pixels.Job{Credit: p.GetCredit(), Copyright: p.GetCopyrightNotice(), License: p.GetLicense().GetUri()}
	if focus := p.GetFocalPoint(); focus != nil {
		job.Focus = &pixels.FocalPoint{X: focus.GetX(), Y: focus.GetY()}
	}
	var cut []pixels.Format
	for _, f := range photo.Formats() {
		whole, crops := slices.Contains(parts, photo.Part{Format: f}), slices.Contains(parts, photo.Part{Format: f, Cut: true})
		if whole || crops {
			job.Formats = append(job.Formats, pixelsFormat(f))
		}
		if whole {
			job.LadderFormats = append(job.LadderFormats, pixelsFormat(f))
		}
		if crops {
			cut = append(cut, pixelsFormat(f))
		}
	}
	if len(job.LadderFormats) > 0 {
		job.Widths = widths()
	}
	for _, c := range crops() {
		if c.Formats = common(c.Formats, cut); len(c.Formats) > 0 {
			job.Crops = append(job.Crops, c)
		}
	}
	return job
}

// common returns the formats that are in both; no own means all.
func common(own, wanted []pixels.Format) []pixels.Format {
	if len(own) == 0 {
		return slices.Clone(wanted)
	}
	return slices.DeleteFunc(slices.Clone(own), func(f pixels.Format) bool { return !slices.Contains(wanted, f) })
}

func pixelsFormat(f mediav1.Rendition_Format) pixels.Format {
	switch f {
	case mediav1.Rendition_FORMAT_WEBP:
		return pixels.WebP
	case mediav1.Rendition_FORMAT_AVIF:
		return pixels.AVIF
	case mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_UNSPECIFIED:
	}
	return pixels.JPEG
}

func formatOf(f pixels.Format) mediav1.Rendition_Format {
	switch f {
	case pixels.JPEG:
		return mediav1.Rendition_FORMAT_JPEG
	case pixels.WebP:
		return mediav1.Rendition_FORMAT_WEBP
	case pixels.AVIF:
		return mediav1.Rendition_FORMAT_AVIF
	}
	return mediav1.Rendition_FORMAT_UNSPECIFIED
}
