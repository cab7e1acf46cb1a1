package ladder

import (
	"cmp"
	"context"
	"errors"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// FirstSteps are told how far the work on a photo without a record is.
type FirstSteps struct {
	// Decoded is called when the photo has proved to be one, before anything
	// is put into the object store.
	Decoded func() error
	// Create is called when the JPEG ladder is in the object store. It stores
	// the record, with the lease, and reports whether that now is this photo.
	Create func(Ladder, photo.Lease) (created bool, err error)
}

// errNeedless ends the work on a photo that is there already.
var errNeedless = errors.New("the photo is there already")

// First makes the renditions of a photo that is being uploaded. Of draft it
// takes the name, the generation and what the renditions depend on, as the
// record will have them. It returns when the work has ended; when Create said
// that it created the record, or that it need not, the error is nil, and what
// is left to be made is the queue's.
func (q *Queue) First(ctx context.Context, original Original, draft *mediav1.Photo, steps FirstSteps) error {
	name, err := photo.ParseName("name", draft.GetName())
	if err != nil {
		return err
	}
	work, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	lease, created := photo.Lease{}, false
	stop := func() {}
	ready := func(l Ladder) error {
		lease = q.newLease()
		var err error
		if created, err = steps.Create(l, lease); err != nil || !created {
			return cmp.Or(err, errNeedless)
		}
		var kept context.Context
		kept, stop = q.keep(work, name, lease)
		context.AfterFunc(kept, func() { cancel(context.Cause(kept)) })
		return nil
	}
	made := func(made []*mediav1.Rendition) error { return q.deliver(work, name, lease)(made) }
	err = q.maker.Make(work, original, draft, photo.Parts(), Steps{Decoded: steps.Decoded, Ready: ready, Made: made})
	err = cmp.Or(lostOf(work), err)
	stop()
	switch {
	case created:
		q.settle(ctx, name, lease, 1, err)
		return nil
	case errors.Is(err, errNeedless):
		return nil
	}
	return err
}
