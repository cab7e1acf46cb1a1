package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/pause"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// errRemade ends following because the index has to be made anew.
var errRemade = errors.New("the search index has to be made anew")

// batchSize is how many resources are written at a time.
const batchSize = 200

// run keeps the volume up with the store until ctx ends.
func (v *volume) run(ctx context.Context) {
	defer v.flush(context.WithoutCancel(ctx))
	const shortest, longest = 250 * time.Millisecond, 30 * time.Second
	wait := shortest
	for {
		began := time.Now()
		err := v.live(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			continue // it was made anew
		}
		if time.Since(began) > longest {
			wait = shortest
		}
		v.log.WarnContext(ctx, "the search index fell behind; trying again", slog.Any("error", err), slog.Duration("wait", wait))
		if !pause.For(ctx, wait) {
			return
		}
		wait = min(2*wait, longest)
	}
}

// flush brings to the disk what is in memory only, so that the next start goes
// on from here.
func (v *volume) flush(ctx context.Context) {
	const patience = 5 * time.Second
	if v.index == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	last := v.index.NewBatch()
	last.SetInternal([]byte(keyCursor), binary.BigEndian.AppendUint64(nil, v.cursor))
	if err := writeThrough(ctx, v.index, last); err != nil {
		v.log.WarnContext(ctx, "the search index is not all on the disk; the next start reads the feed again", slog.Any("error", err))
	}
}

// live makes the index if there is none, and follows the feed until something
// fails.
func (v *volume) live(ctx context.Context) error {
	if v.index == nil {
		if err := v.build(ctx); err != nil {
			return err
		}
	}
	err := v.followGuarded(ctx)
	switch {
	case errors.Is(err, errDamaged):
		v.log.ErrorContext(ctx, "the search index is damaged and is made anew", slog.String("folder", v.folder), slog.Any("error", err))
		v.replace(nil, 0)
		select {
		case again := <-v.damaged: // of another search meanwhile
			v.log.DebugContext(ctx, "the same damage", slog.Any("error", again))
		default:
		}
	case errors.Is(err, errRemade), fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED):
		return v.build(ctx)
	}
	return err
}

// followGuarded follows the feed until something fails, or the files are damaged.
// Afterwards nobody looks at the files, so that they may be replaced.
func (v *volume) followGuarded(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	var files sync.WaitGroup
	files.Go(func() { v.guardFiles(ctx, cancel) })
	err := v.follow(ctx)
	cancel(nil)
	files.Wait()
	if cause := context.Cause(ctx); errors.Is(cause, errDamaged) {
		return cause
	}
	return err
}

// build makes the index from the store beside the one there is, and puts it in
// its place.
func (v *volume) build(ctx context.Context) error {
	began := time.Now()
	cursor, err := v.source.Version(ctx)
	if err != nil {
		return err
	}
	folder := v.folder + ".new"
	made, err := create(folder)
	if err != nil {
		return fmt.Errorf("make the search index: %w", err)
	}
	count, err := v.fill(ctx, made, cursor)
	if err = errors.Join(err, shut(made)); err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	v.replace(nil, 0)
	if err := os.RemoveAll(v.folder); err != nil {
		return err
	}
	if err := os.Rename(folder, v.folder); err != nil {
		return err
	}
	index, cursor, err := v.load(ctx, v.folder)
	if err != nil {
		return fmt.Errorf("open the search index just made: %w", err)
	}
	v.replace(index, cursor)
	v.flush(ctx) // removes what was merged away
	v.log.InfoContext(ctx, "the search index was made", slog.Int("resources", count), slog.Duration("took", time.Since(began)))
	return nil
}

// fill puts all resources into an index that is being made, brings it into as few
// segments as searches like, and waits for the disk.
func (v *volume) fill(ctx context.Context, made bleve.Index, cursor uint64) (count int, err error) {
	for after := []byte(nil); ; {
		names, next, err := v.source.Names(ctx, after, batchSize)
		if err != nil {
			return count, err
		}
		if len(names) == 0 {
			break
		}
		batch := made.NewBatch()
		for _, n := range names {
			if err := v.put(ctx, batch, n); err != nil {
				return count, err
			}
		}
		count += len(names)
		err = write(ctx, made, batch)
		if err != nil {
			return count, err
		}
		after = next
	}
	at := binary.BigEndian.AppendUint64(nil, cursor)
	last := made.NewBatch()
	last.SetInternal([]byte(keyCursor), at)
	if err := writeThrough(ctx, made, last); err != nil {
		return count, err
	}
	if err := merge(ctx, made); err != nil {
		return count, err
	}
	last = made.NewBatch()
	last.SetInternal([]byte(keyMaking), []byte(v.making))
	last.SetInternal([]byte(keyCursor), at)
	return count, writeThrough(ctx, made, last)
}

// follow reads the feed from where the index stands.
func (v *volume) follow(ctx context.Context) error {
	for changes, err := range v.source.Watch(ctx, v.cursor) {
		if err != nil {
			return err
		}
		if err := v.recognize(ctx); err != nil {
			return err
		}
		var names []Name
		seen := map[Name]bool{}
		for _, n := range changes.Names {
			if !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
		// A cursor that moves without anything to write is kept when there is
		// time.
		if len(names) == 0 && (!changes.Idle || changes.Through == v.cursor) {
			v.reached.Store(changes.Through)
			continue
		}
		if err := v.update(ctx, names, changes.Through); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// recognize looks now and then whether the store wants the index to be made
// anew. Until it is, what there is goes on: its resources are read from the
// store.
func (v *volume) recognize(ctx context.Context) error {
	const interval = time.Minute
	if time.Since(v.seen) < interval {
		return nil
	}
	v.seen = time.Now()
	identity, err := v.source.Identity(ctx)
	if err != nil || makingOf(identity) == v.making {
		return err
	}
	v.log.InfoContext(ctx, "the store wants the search index to be made anew, as after a redaction")
	v.making = makingOf(identity)
	return errRemade
}

// update brings resources up to date; after the last one the index stands at
// through.
func (v *volume) update(ctx context.Context, names []Name, through uint64) error {
	for {
		part := names[:min(batchSize, len(names))]
		names = names[len(part):]
		batch := v.index.NewBatch()
		for _, n := range part {
			if err := v.put(ctx, batch, n); err != nil {
				return err
			}
		}
		if len(names) == 0 {
			batch.SetInternal([]byte(keyCursor), binary.BigEndian.AppendUint64(nil, through))
		}
		if err := write(ctx, v.index, batch); err != nil {
			return err
		}
		if len(names) == 0 {
			v.cursor = through
			v.reached.Store(through)
			return nil
		}
	}
}

// caughtUp waits until the index stands at the version or behind it.
func (v *volume) caughtUp(ctx context.Context, version uint64) error {
	for v.reached.Load() < version {
		if !pause.For(ctx, 5*time.Millisecond) {
			return ctx.Err()
		}
	}
	return nil
}
