package pixels

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// maxRendition bounds one file that a worker sends, in bytes.
const maxRendition = 64 << 20

// answers reads what a worker sends and believes only what it was asked for.
type answers struct {
	limits  Limits
	request wire.Request

	info *Info
	// pending are the renditions still to come, in their order.
	pending []wire.Rendition
}

// next reads one event, or reports that the worker is done. A failure that the
// worker reports, and every answer that is not the one due, is an error.
func (a *answers) next(r io.Reader) (event Event, done bool, err error) {
	head, err := wire.ReadHead(r, maxRendition)
	if err != nil {
		return Event{}, false, err
	}
	switch {
	case head.Kind == wire.KindFailure:
		return Event{}, false, failed(head)
	case head.Kind == wire.KindInfo && a.info == nil && head.Body == 0:
		info, err := a.readInfo(head)
		return Event{Info: info}, false, err
	case head.Kind == wire.KindRendition && len(a.pending) > 0:
		rendition, err := a.readRendition(head, r)
		return Event{Rendition: rendition}, false, err
	case head.Kind == wire.KindDone && a.info != nil && len(a.pending) == 0:
		return Event{}, true, nil
	}
	return Event{}, false, fmt.Errorf("the worker sent %q out of turn", head.Kind)
}

// failed reads a failure frame into an error.
func failed(head wire.Head) error {
	var f wire.Failure
	if err := head.Decode(&f); err != nil {
		return err
	}
	const enough = 1000
	f.Detail = strings.ToValidUTF8(f.Detail[:min(len(f.Detail), enough)], "?")
	return &failureError{Failure: f}
}

func (a *answers) readInfo(head wire.Head) (*Info, error) {
	var message wire.Info
	if err := head.Decode(&message); err != nil {
		return nil, err
	}
	if err := a.checkInfo(message); err != nil {
		return nil, err
	}
	a.pending = wire.Plan(a.request, message)
	info := Info(message)
	a.info = &info
	return &info, nil
}

func (a *answers) checkInfo(info wire.Info) error {
	switch {
	case info.MediaType != a.request.MediaType:
		return errors.New("the worker names another media type")
	case info.Width < 1 || info.Height < 1 || info.Width > a.limits.Side || info.Height > a.limits.Side,
		int64(info.Width)*int64(info.Height) > a.limits.Pixels:
		return errors.New("the worker names an impossible size")
	case info.Frames < 1 || info.Frames > a.limits.Frames:
		return errors.New("the worker names an impossible number of frames")
	case !isColor(info.Color):
		return errors.New("the worker names no color")
	case len(info.ThumbHash) < 5 || len(info.ThumbHash) > 25:
		return errors.New("the worker sends no placeholder")
	case !isFocus(info.Focus) || a.request.Focus != nil && info.Focus != *a.request.Focus:
		return errors.New("the worker names an impossible focal point")
	case !info.Metadata.Fit():
		return errors.New("the worker sends metadata that is not fit for a record")
	}
	return nil
}

// isColor accepts "#rrggbb".
func isColor(text string) bool {
	if len(text) != 7 || text[0] != '#' {
		return false
	}
	return !strings.ContainsFunc(text[1:], func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
}

func (a *answers) readRendition(head wire.Head, r io.Reader) (*Rendition, error) {
	var got wire.Rendition
	if err := head.Decode(&got); err != nil {
		return nil, err
	}
	due := a.pending[0]
	// The decoder rounds the height of the largest one in its own way.
	off := got.Height - due.Height
	due.Height = got.Height
	if got != due || off < -1 || off > 1 || got.Height < 1 {
		return nil, fmt.Errorf("the worker sent a rendition that is not due: %+v instead of %+v", got, a.pending[0])
	}
	data, err := wire.ReadBody(r, head)
	if err != nil {
		return nil, err
	}
	if mediaType, _ := Sniff(data); mediaType != "image/"+string(due.Format) {
		return nil, fmt.Errorf("the worker sent %d bytes that are not %s", len(data), due.Format)
	}
	a.pending = a.pending[1:]
	return &Rendition{
		Format: got.Format, Crop: got.Crop, Width: got.Width, Height: got.Height, Animated: got.Animated, Data: data,
	}, nil
}

// complete returns the part of which r was the last rendition, nil when more
// are to come.
func (a *answers) complete(r *Rendition) *Part {
	part := Part{Format: r.Format, Crops: r.Crop != ""}
	if len(a.pending) > 0 && part == (Part{Format: a.pending[0].Format, Crops: a.pending[0].Crop != ""}) {
		return nil
	}
	return &part
}
