package hub

import (
	"context"
	"errors"
	"sync"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// errBehind says that the feed cannot go on from a position; the log may.
var errBehind = errors.New("hub: behind the ring")

// feed is the newest events of one view.
type feed struct {
	hub    *Hub
	view   View
	cancel context.CancelFunc
	users  int // under hub.mu

	mu      sync.Mutex
	ring    ring
	through uint64        // everything up to here is, or was, in the ring
	wake    chan struct{} // closed when there is more; nil while nobody waits
	ended   error         // why nothing more comes
}

func newFeed(h *Hub, v View, after uint64, cancel context.CancelFunc) *feed {
	return &feed{
		hub: h, view: v, cancel: cancel, users: 1, through: after,
		ring: ring{floor: after, maxEvents: h.limits.Events, maxBytes: h.limits.Bytes},
	}
}

// run reads the log until ctx ends or the log fails.
func (f *feed) run(ctx context.Context, after uint64) {
	err := f.read(ctx, after)
	if fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) {
		// The log was trimmed faster than it was read. What that means for a
		// watcher depends on where he stands, so each asks the log himself.
		err = errBehind
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = err
	f.wakeAll()
}

func (f *feed) read(ctx context.Context, after uint64) error {
	for batch, err := range f.hub.source.Watch(ctx, "-", after) {
		if err != nil {
			return err
		}
		for told, through := range steps(batch) {
			if told.Kinds[f.view] == 0 {
				continue
			}
			e := f.encode(ctx, told)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			e.Through, e.asOf = through, batch.Through
			f.add(e)
		}
		f.advance(batch.Through)
	}
	return errBehind
}

func (f *feed) encode(ctx context.Context, told Told) *Event {
	e := &Event{told: told, field: f.hub.field}
	e.Frame, e.err = f.hub.source.Frame(ctx, f.view, told)
	f.hub.shared.Add(1)
	return e
}

func (f *feed) add(e *Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ring.add(e)
	f.through = e.Through
	f.wakeAll()
}

// advance records that there is nothing more to tell up to the version. Nobody
// is woken for that: heartbeats tell it.
func (f *feed) advance(through uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.through = through
}

func (f *feed) wakeAll() {
	if f.wake != nil {
		close(f.wake)
		f.wake = nil
	}
}

func (f *feed) hasEnded() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.ended != nil
}

// covers reports whether whoever was told everything up to the version can go
// on from here, or will hear here why not.
func (f *feed) covers(version uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return version >= f.ring.floor || f.ended != nil
}

// seek returns the position of the first event after the version, or errBehind.
func (f *feed) seek(version uint64) (uint64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if version < f.ring.floor {
		return 0, errBehind
	}
	return f.ring.seek(version), nil
}

// level is where the feed stands when there is nothing to tell.
type level struct {
	through uint64
	grown   <-chan struct{} // closed when there is more
}

// next returns the event at a position or, when it has not come yet, where the
// feed stands. It fails with errBehind when the event is gone.
func (f *feed) next(at uint64) (*Event, level, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, err := f.ring.get(at)
	if e != nil || err != nil {
		return e, level{}, err
	}
	if f.ended != nil {
		return nil, level{}, f.ended
	}
	if f.wake == nil {
		f.wake = make(chan struct{})
	}
	return nil, level{through: f.through, grown: f.wake}, nil
}
