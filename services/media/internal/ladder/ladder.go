// Package ladder makes the renditions of a photo - a ladder of widths and a few
// crops in each format - and puts them into the object store, the JPEG ladder
// first.
//
// A [Maker] makes them of one photo. A [Queue] does so for the photos whose
// renditions are wanted, as the store tells it, so that what a crash, an absent
// object store or an edit left unfinished is made by this instance or another.
package ladder

import (
	"bytes"
	"context"
	"io"
	"slices"

	"google.golang.org/protobuf/proto"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// Original is where the bytes of a photo are.
type Original interface {
	// Reader returns a reader from the beginning.
	Reader() *io.SectionReader
	Size() int64
	SHA256() string
}

// Ladder is the whole renditions of a photo in JPEG, and what was found out
// while making them: the focal point of p, or the one suggested, among it.
type Ladder struct {
	Info pixels.Info
	JPEG []*mediav1.Rendition
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

// Steps are told how far the work on a photo is. The error of a step ends the
// work and is returned.
type Steps struct {
	// Decoded is called when the photo has proved to be one, before anything
	// is put into the object store. It may be nil.
	Decoded func() error
	// Ready is called when the JPEG ladder is in the object store, if that was
	// asked for. It may be nil.
	Ready func(Ladder) error
	// Made is called when all that was asked for in a format is in the object
	// store, with all of it; but for the ladder that Ready was told.
	Made func([]*mediav1.Rendition) error
}

// Make makes parts of the renditions of p, JPEG first, and returns when all are
// in the object store. Of p it takes the name, the generation and what they
// depend on; a photo without a focal point is cut around the one suggested. It fails with IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_DAMAGED,
// TOO_MANY_UPLOADS, OBJECTS_UNAVAILABLE, or the error of its context, of the
// reader or of a step; what was made until then stays in the object store.
func (m *Maker) Make(ctx context.Context, original Original, p *mediav1.Photo, parts []photo.Part, steps Steps) error {
	if len(parts) == 0 {
		return nil
	}
	name, err := photo.ParseName("name", p.GetName())
	if err != nil {
		return err
	}
	r := &run{maker: m, photo: p, name: name, sha256: original.SHA256(), steps: steps, left: slices.Clone(parts)}
	err = m.processor.Render(ctx, original.Reader(), original.Size(), jobFor(p, parts), func(event pixels.Event) error {
		return r.take(ctx, event)
	})
	return explain(err)
}

// run is the work on one photo.
type run struct {
	maker  *Maker
	photo  *mediav1.Photo
	name   photo.Name
	sha256 string
	steps  Steps

	info pixels.Info
	left []photo.Part         // parts that are not complete
	made []*mediav1.Rendition // of the format in work, not yet told
}

func (r *run) take(ctx context.Context, event pixels.Event) error {
	switch {
	case event.Info != nil:
		r.info = *event.Info
		if r.photo.GetFocalPoint() == nil {
			r.photo = proto.CloneOf(r.photo)
			r.photo.FocalPoint = &mediav1.Photo_FocalPoint{X: r.info.Focus.X, Y: r.info.Focus.Y}
		}
		if r.steps.Decoded != nil {
			return r.steps.Decoded()
		}
	case event.Rendition != nil:
		made, err := r.put(ctx, event.Rendition)
		if err != nil {
			return err
		}
		r.made = append(r.made, made)
	case event.Complete != nil:
		return r.complete(photo.Part{Format: formatOf(event.Complete.Format), Cut: event.Complete.Crops})
	}
	return nil
}

// complete tells what was made when nothing of its format is left.
func (r *run) complete(part photo.Part) error {
	r.left = slices.DeleteFunc(r.left, func(p photo.Part) bool { return p == part })
	if part == (photo.Part{Format: mediav1.Rendition_FORMAT_JPEG}) && r.steps.Ready != nil {
		jpeg := r.made
		r.made = nil
		photo.Sort(jpeg)
		return r.steps.Ready(Ladder{Info: r.info, JPEG: jpeg})
	}
	if slices.ContainsFunc(r.left, func(p photo.Part) bool { return p.Format == part.Format }) {
		return nil
	}
	made := r.made
	r.made = nil
	return r.steps.Made(made)
}

// put stores one rendition.
func (r *run) put(ctx context.Context, rendition *pixels.Rendition) (*mediav1.Rendition, error) {
	made := &mediav1.Rendition{
		Format:    formatOf(rendition.Format),
		Crop:      photo.CropOf(rendition.Crop),
		Width:     int32(rendition.Width),  //nolint:gosec // at most 2,560
		Height:    int32(rendition.Height), //nolint:gosec // at most 16,384
		SizeBytes: int64(len(rendition.Data)),
		Animated:  rendition.Animated,
		Crc32C:    photo.Checksum(rendition.Data),
	}
	address := photo.Address{
		Name: r.name, Generation: photo.PartOf(made).Generation(r.photo), Width: made.GetWidth(), Format: made.GetFormat(), Crop: made.GetCrop(),
	}
	made.Uri = address.String()
	key := blobs.Rendition(r.sha256, address.Generation, address.File())
	return made, r.maker.objects.Put(ctx, key, bytes.NewReader(rendition.Data), made.GetSizeBytes(), photo.MediaType(made.GetFormat()))
}
