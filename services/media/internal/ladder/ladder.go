// Package ladder makes the renditions of a photo - a ladder of widths in each
// format - and puts them into the object store, the JPEG ladder first.
//
// A [Maker] does one photo; a [Queue] does, one after the other, the photos
// whose ladders a crash or an absent object store left unfinished.
package ladder

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// Generation stands for the settings that renditions are made with: widths,
// formats, qualities. Change it with any of them; it is part of the address of
// each rendition, which browsers keep.
const Generation = "r1"

// widths are the rungs. Nothing is enlarged: a smaller photo gets its own
// width instead of the rungs beyond it.
func widths() []int { return []int{320, 640, 960, 1280, 1920, 2560} }

// Ladder is what was made of a photo.
type Ladder struct {
	Info pixels.Info
	Made []Made
}

// Made is one rendition that is in the object store.
type Made struct {
	Format        mediav1.Rendition_Format
	Width, Height int32
	Size          int64
}

// Original is where the bytes of a photo are read.
type Original struct {
	Reader io.Reader
	Size   int64
	SHA256 string
}

// Maker makes renditions. It is safe for concurrent use.
type Maker struct {
	processor *pixels.Processor
	objects   *blobs.Store
}

// NewMaker returns a Maker.
func NewMaker(processor *pixels.Processor, objects *blobs.Store) *Maker {
	return &Maker{processor: processor, objects: objects}
}

// Steps are told how far the work on a photo is. Each may be nil.
type Steps struct {
	// Decoded is called when the photo has proved to be one, before anything
	// is put into the object store. Its error ends the work.
	Decoded func() error
	// Ready is called when the JPEG ladder is in the object store; never when
	// JPEG is not among the formats.
	Ready func(Ladder)
}

// Make makes the renditions of a photo in the given formats, JPEG first, and
// returns when all are in the object store. It fails with IMAGE_UNSUPPORTED,
// IMAGE_TOO_LARGE, IMAGE_DAMAGED, TOO_MANY_UPLOADS, OBJECTS_UNAVAILABLE, or the
// error of its context, of the reader or of a step; what was made until then
// stays in the object store.
func (m *Maker) Make(ctx context.Context, original Original, formats []pixels.Format, steps Steps) (Ladder, error) {
	var made Ladder
	rungs := 0
	job := pixels.Job{Widths: widths(), Formats: formats}
	err := m.processor.Render(ctx, original.Reader, original.Size, job, func(event pixels.Event) error {
		if event.Info != nil {
			made.Info = *event.Info
			rungs = rungsFor(event.Info.Width)
			if steps.Decoded != nil {
				return steps.Decoded()
			}
			return nil
		}
		if event.Rendition == nil {
			return nil
		}
		rendition, err := m.put(ctx, original.SHA256, event.Rendition)
		if err != nil {
			return err
		}
		made.Made = append(made.Made, rendition)
		if rendition.Format == mediav1.Rendition_FORMAT_JPEG && len(made.Made) == rungs && steps.Ready != nil {
			steps.Ready(Ladder{Info: made.Info, Made: slices.Clone(made.Made)})
		}
		return nil
	})
	if err != nil {
		return Ladder{}, explain(err)
	}
	return made, nil
}

// put stores one rendition.
func (m *Maker) put(ctx context.Context, sha256 string, r *pixels.Rendition) (Made, error) {
	format := formatOf(r.Format)
	made := Made{
		Format: format,
		Width:  int32(r.Width),  //nolint:gosec // at most 2,560
		Height: int32(r.Height), //nolint:gosec // at most 16,384
		Size:   int64(len(r.Data)),
	}
	key := blobs.Rendition(sha256, Generation, made.Width, photo.Extension(format))
	return made, m.objects.Put(ctx, key, bytes.NewReader(r.Data), made.Size, photo.MediaType(format))
}

// Renditions returns the records of what was made for the photo of that name,
// in the order of the contract.
func Renditions(name photo.Name, made []Made) []*mediav1.Rendition {
	made = slices.Clone(made)
	slices.SortFunc(made, func(a, b Made) int {
		return cmp.Or(cmp.Compare(a.Width, b.Width), cmp.Compare(a.Format, b.Format))
	})
	renditions := make([]*mediav1.Rendition, len(made))
	for i, r := range made {
		address := photo.Address{Name: name, Generation: Generation, Width: r.Width, Format: r.Format}
		renditions[i] = &mediav1.Rendition{
			Format: r.Format, Width: r.Width, Height: r.Height, SizeBytes: r.Size, Uri: address.String(),
		}
	}
	return renditions
}

// rungsFor returns how many widths there are for a photo.
func rungsFor(width int) int {
	rungs := widths()
	for i, w := range rungs {
		rungs[i] = min(w, width)
	}
	return len(slices.Compact(rungs))
}

func formatOf(f pixels.Format) mediav1.Rendition_Format {
	switch f {
	case pixels.JPEG:
		return mediav1.Rendition_FORMAT_JPEG
	case pixels.WebP:
		return mediav1.Rendition_FORMAT_WEBP
	case pixels.AVIF: // the contract has no name for it, and no ladder asks for it
	}
	return mediav1.Rendition_FORMAT_UNSPECIFIED
}

// describe says what was being done, for logs.
func describe(name photo.Name, doing string, err error) error {
	return fmt.Errorf("%s of %s: %w", doing, name, err)
}
