package hub

import (
	"context"
	"errors"
	"iter"
	"time"
)

// errLeft says that the watcher wants no more.
var errLeft = errors.New("hub: the watcher left")

// Follow yields what happens in the scope after the version, and never ends by
// itself. When nothing was to be told for the time beat, it yields a heartbeat.
// It fails with WATCHER_TOO_SLOW, with RESUME_TOKEN_EXPIRED when neither ring
// nor log reach back to the version, and with the errors of the store and of
// the context.
//
// Whatever the watcher was shown before he began to follow must be committed by
// then, as what was read from the store is.
func (h *Hub) Follow(ctx context.Context, s Scope, after uint64, beat time.Duration) iter.Seq2[*Event, error] {
	return func(yield func(*Event, error) bool) {
		r := &reader{Hub: h, scope: s, beat: beat, through: after, heard: time.Now(), yield: yield}
		if err := r.run(ctx); !errors.Is(err, errLeft) {
			yield(nil, err)
		}
	}
}

// reader is one watcher.
type reader struct {
	*Hub

	scope   Scope
	beat    time.Duration
	through uint64 // everything up to here was told
	shown   shown
	heard   time.Time // when something was told last
	yield   func(*Event, error) bool
}

// run goes from the log to the ring, and back when the ring was too fast.
func (r *reader) run(ctx context.Context) error {
	newest, err := r.source.Version(ctx)
	if err != nil {
		return err
	}
	r.shown.everything(newest)
	if r.through > newest {
		return r.refuse(ctx)
	}
	for {
		if err := r.join(ctx); err != nil && !errors.Is(err, errBehind) {
			return err
		}
	}
}

// refuse returns what the log says of a version that it has not reached: that
// it comes from another life of the store.
func (r *reader) refuse(ctx context.Context) error {
	for _, err := range r.source.Watch(ctx, r.scope.Site, r.through) {
		return err
	}
	return ctx.Err()
}

func (r *reader) join(ctx context.Context) error {
	f, err := r.enter(ctx, r.scope.View)
	if err != nil {
		return err
	}
	defer r.leave(f)
	if err := r.catchUp(ctx, f); err != nil {
		return err
	}
	return r.live(ctx, f)
}

// catchUp tells what the log has, until the feed covers what follows.
func (r *reader) catchUp(ctx context.Context, f *feed) error {
	if f.covers(r.through) {
		return nil
	}
	for batch, err := range r.source.Watch(ctx, r.scope.Site, r.through) {
		if err != nil {
			return err
		}
		for told, through := range steps(batch) {
			if told.Kinds[r.scope.View] == 0 {
				continue
			}
			if err := r.tellAlone(ctx, told, through); err != nil {
				return err
			}
		}
		r.through = batch.Through
		if f.covers(r.through) {
			break
		}
		if err := r.heartbeat(); err != nil {
			return err
		}
	}
	newest, err := r.source.Version(ctx)
	r.shown.everything(newest)
	return err
}

// live tells what the feed has, until it fails or overtakes the watcher.
func (r *reader) live(ctx context.Context, f *feed) error {
	at, err := f.seek(r.through)
	if err != nil {
		return err
	}
	timer := time.NewTimer(r.beat)
	defer timer.Stop()
	for since := time.Now(); ; { // when there was nothing to tell
		e, now, err := f.next(at)
		switch {
		case errors.Is(err, errBehind) && time.Since(since) > r.limits.Patience:
			return r.TooSlow()
		case err != nil:
			return err
		case e != nil:
			at++
			if err := r.pass(ctx, e); err != nil {
				return err
			}
			continue
		}
		since = time.Now()
		r.through = max(r.through, now.through)
		if err := r.heartbeat(); err != nil {
			return err
		}
		timer.Reset(r.beat - time.Since(r.heard))
		select {
		case <-now.grown:
		case <-timer.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pass tells an event of the feed if it is for this watcher.
func (r *reader) pass(ctx context.Context, e *Event) error {
	switch {
	case e.told.Version <= r.through:
		return nil // told from the log, which was read further than the feed
	case r.scope.Site != "-" && r.scope.Site != e.told.Name.Site:
		r.through = e.Through
		return nil
	case e.err == nil && !r.shown.beyond(e):
		return r.tell(e)
	}
	if err := r.tellAlone(ctx, e.told, e.Through); err != nil {
		return err
	}
	newest, err := r.source.Version(ctx)
	r.shown.one(e.told.Name, newest)
	return err
}

// tellAlone encodes an event for this watcher only.
func (r *reader) tellAlone(ctx context.Context, told Told, through uint64) error {
	frame, err := r.source.Frame(ctx, r.scope.View, told)
	if err != nil {
		return err
	}
	r.alone.Add(1)
	return r.tell(&Event{Frame: frame, Through: through, field: r.field})
}

func (r *reader) tell(e *Event) error {
	if !r.yield(e, nil) {
		return errLeft
	}
	r.through, r.heard = e.Through, time.Now()
	return nil
}

// heartbeat tells where the watcher stands if he has heard nothing for long.
func (r *reader) heartbeat() error {
	if time.Since(r.heard) < r.beat {
		return nil
	}
	return r.tell(&Event{Through: r.through, field: r.field})
}
