package worker

import (
	"slices"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/metadata"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

const (
	// webpSide is the longest side a WebP can have.
	webpSide = 16383
	// cropMaster is how wide a photo is decoded when only crops are wanted.
	cropMaster = 2560
)

// sheets are the decoded pictures of one photo, each made when it is first
// asked for, out of the next larger one of its kind.
type sheets struct {
	photo   []byte
	request wire.Request
	info    wire.Info
	focus   wire.FocalPoint
	xmp     []byte

	master *vips.Image
	kinds  map[kind][]*vips.Image // of each the largest first
}

// kind is the ladder, the ladder of an animation, or a crop by its name.
type kind struct {
	crop     string
	animated bool
}

func newSheets(photo []byte, request wire.Request, info wire.Info) *sheets {
	return &sheets{
		photo: photo, request: request, info: info, xmp: metadata.XMP(label(request, info.Metadata)),
		kinds: make(map[kind][]*vips.Image),
	}
}

func (s *sheets) close() {
	for _, made := range s.kinds {
		for _, image := range made {
			image.Close()
		}
	}
}

// smallest returns the lowest rung of the ladder, or the master where there is
// no ladder.
func (s *sheets) smallest() (*vips.Image, error) {
	rungs := wire.Ladder(s.request.Widths, s.info.Width)
	if len(rungs) == 0 {
		rungs = []int{min(cropMaster, s.info.Width)}
	}
	var image *vips.Image
	for _, width := range rungs {
		var err error
		due := wire.Rendition{Width: width, Height: wire.Height(width, s.info.Width, s.info.Height)}
		if image, err = s.sheet(due); err != nil {
			return nil, err
		}
	}
	return image, nil
}

// sheet returns the picture for a rendition. It stays the sheets'.
func (s *sheets) sheet(due wire.Rendition) (*vips.Image, error) {
	k := kind{crop: due.Crop, animated: due.Animated}
	made := s.kinds[k]
	for _, image := range made {
		if image.Width() == due.Width {
			return image, nil
		}
	}
	image, err := s.make(k, due, made)
	if err != nil {
		return nil, err
	}
	s.kinds[k] = append(made, image)
	return image, nil
}

// make shrinks the last of those made, or begins with the first of its kind.
func (s *sheets) make(k kind, due wire.Rendition, made []*vips.Image) (*vips.Image, error) {
	switch {
	case len(made) > 0:
		return made[len(made)-1].Shrink(due.Width, due.Height)
	case k.crop != "":
		return s.cut(due)
	}
	image, err := s.decode(due.Width, k.animated)
	if err == nil && !k.animated {
		s.master = image
	}
	return image, err
}

// decode reads the photo at a width. A decoder that fails here fails for what
// is in the photo.
func (s *sheets) decode(width int, animated bool) (*vips.Image, error) {
	image, err := vips.Master(s.photo, width, webpSide, animated)
	if err != nil {
		return nil, refuse("corrupt", err)
	}
	image.Label(s.xmp)
	return image, nil
}

// cut makes the largest of a crop, out of the master or, where the crop needs
// more pixels than that has, out of the photo decoded again at its scale.
func (s *sheets) cut(due wire.Rendition) (*vips.Image, error) {
	at := slices.IndexFunc(s.request.Crops, func(c wire.CropSpec) bool { return c.Name == due.Crop })
	spec := s.request.Crops[at]
	if width, _ := spec.Fit(s.master.Width(), s.master.Height()); width >= due.Width {
		return s.window(s.master, spec).cut(due)
	}
	full, _ := spec.Fit(s.info.Width, s.info.Height)
	larger, err := s.decode((s.info.Width*due.Width+full-1)/full, false)
	if err != nil {
		return nil, err
	}
	defer larger.Close()
	return s.window(larger, spec).cut(due)
}

// window is the part of a picture that a crop shows.
type window struct {
	of                       *vips.Image
	left, top, width, height int
}

// window centers a crop on the focal point as far as the picture reaches.
func (s *sheets) window(of *vips.Image, spec wire.CropSpec) window {
	w := window{of: of}
	w.width, w.height = spec.Fit(of.Width(), of.Height())
	w.left = place(s.focus.X, w.width, of.Width())
	w.top = place(s.focus.Y, w.height, of.Height())
	return w
}

// place is where a part of the given length begins that is to have the focus,
// 0 to 1 of the whole, in its middle.
func place(focus float64, length, whole int) int {
	return min(max(0, int(focus*float64(whole))-length/2), whole-length)
}

func (w window) cut(due wire.Rendition) (*vips.Image, error) {
	return w.of.Cut(w.left, w.top, w.width, w.height, due.Width, due.Height)
}
