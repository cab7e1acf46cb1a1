// Package purge removes for good what was deleted or withdrawn when its time
// has come: first the record, or what it tells of people, then the objects. It
// survives being killed at any point: what is left to do is in the store.
//
// Where the operator asks for it, photos that no article uses are deleted, too.
package purge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

const (
	// every is how often it is looked what is due. A purge that was asked for at
	// once waits no longer.
	every = 5 * time.Second
	// batch is how many are done in one look at the store.
	batch = 50
	// again is after what time objects that were removed are looked for once more:
	// whoever made renditions of the photo when it was withdrawn may have put some
	// after the others were gone. It is longer than the lease of such work.
	again = 5 * time.Minute
	// unusedEvery is how often unused photos are looked for.
	unusedEvery = time.Hour
)

// Records is the part of the store that a Purger needs.
type Records interface {
	DuePurges(ctx context.Context, now time.Time, limit int) ([]photo.Name, error)
	Purge(ctx context.Context, name photo.Name, now time.Time) (bool, error)
	Doomed(ctx context.Context, now time.Time, limit int) ([]string, error)
	Postpone(ctx context.Context, sha256 string, until time.Time) error
	Spare(ctx context.Context, sha256 string) error
	Generations(ctx context.Context, sha256 string, now time.Time) (kept []string, exists bool, err error)
	Condemn(ctx context.Context, sha256 string, now time.Time) (bool, error)
	Acquit(ctx context.Context, sha256 string) error
	Unused(ctx context.Context, before time.Time, limit int) ([]photo.Name, error)
	DeleteUnused(ctx context.Context, name photo.Name, now time.Time) (*mediav1.Photo, error)
}

// Purger purges one store.
type Purger struct {
	Records Records
	Objects *blobs.Store
	// Owned returns nil when the objects are this store's to remove.
	Owned func(ctx context.Context) error
	// UnusedAge is how old a photo that no article uses must be to be deleted; 0
	// leaves them all.
	UnusedAge time.Duration
	Log       *slog.Logger

	looked time.Time // when unused photos were last looked for
	failed bool      // whether the last round failed
}

// Run purges until the context ends.
func (p *Purger) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		err := p.Once(ctx, time.Now())
		if ctx.Err() != nil {
			return
		}
		if err != nil && !p.failed { // not again for each attempt
			p.Log.Warn("what was deleted or withdrawn is not purged yet; it is tried again", slog.Any("error", err))
		}
		p.failed = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Once does all that is due.
func (p *Purger) Once(ctx context.Context, now time.Time) error {
	err := errors.Join(p.records(ctx, now), p.objects(ctx, now))
	if p.UnusedAge > 0 && now.Sub(p.looked) >= unusedEvery {
		p.looked = now
		err = errors.Join(err, p.unused(ctx, now))
	}
	return err
}

func (p *Purger) records(ctx context.Context, now time.Time) error {
	for {
		names, err := p.Records.DuePurges(ctx, now, batch)
		if err != nil {
			return fmt.Errorf("read what is to be purged: %w", err)
		}
		for _, name := range names {
			purged, err := p.Records.Purge(ctx, name, now)
			if err != nil {
				return fmt.Errorf("purge %s: %w", name, err)
			}
			if purged {
				p.Log.Info("a photo was purged", slog.String("photo", name.String()))
			}
		}
		if len(names) < batch {
			return nil
		}
	}
}

// objects removes the originals and renditions that no photo has any more.
func (p *Purger) objects(ctx context.Context, now time.Time) error {
	for {
		contents, err := p.Records.Doomed(ctx, now, batch)
		if err != nil {
			return fmt.Errorf("read which objects are to go: %w", err)
		}
		if len(contents) > 0 {
			if err := p.Owned(ctx); err != nil {
				return err
			}
		}
		for _, sha256 := range contents {
			if err := p.remove(ctx, sha256, now); err != nil {
				return fmt.Errorf("remove the objects of %s: %w", sha256, err)
			}
		}
		if len(contents) < batch {
			return nil
		}
	}
}

// remove removes the objects of a content, unless a photo has it. It is done
// with a content when it finds nothing of it; while somebody uploads or removes
// the same, it comes back later.
func (p *Purger) remove(ctx context.Context, sha256 string, now time.Time) error {
	condemned, err := p.Records.Condemn(ctx, sha256, now)
	if err != nil {
		return err
	}
	if !condemned {
		_, needed, err := p.Records.Generations(ctx, sha256, now)
		if err != nil {
			return err
		}
		if needed {
			return p.Records.Spare(ctx, sha256)
		}
		return p.Records.Postpone(ctx, sha256, now.Add(again))
	}
	removed := 0
	for _, prefix := range []string{string(blobs.Original(sha256)), blobs.RenditionPrefix + sha256 + "/"} {
		for object, err := range p.Objects.List(ctx, prefix) {
			if err == nil {
				err = p.Objects.Remove(ctx, object.Key)
			}
			if err != nil {
				return errors.Join(err, p.Records.Acquit(ctx, sha256))
			}
			removed++
		}
	}
	if err := p.Records.Acquit(ctx, sha256); err != nil {
		return err
	}
	if removed == 0 {
		return p.Records.Spare(ctx, sha256)
	}
	p.Log.Info("objects of a purged photo were removed", slog.String("sha256", sha256), slog.Int("objects", removed))
	return p.Records.Postpone(ctx, sha256, now.Add(again))
}

// unused deletes photos that no article uses. They can be restored as any other
// deleted photo.
func (p *Purger) unused(ctx context.Context, now time.Time) error {
	for {
		names, err := p.Records.Unused(ctx, now.Add(-p.UnusedAge), batch)
		if err != nil {
			return fmt.Errorf("look for unused photos: %w", err)
		}
		for _, name := range names {
			deleted, err := p.Records.DeleteUnused(ctx, name, now)
			if err != nil {
				return fmt.Errorf("delete %s, which is unused: %w", name, err)
			}
			if deleted != nil {
				p.Log.Info("a photo that no article uses was deleted", slog.String("photo", name.String()),
					slog.Time("created", deleted.GetCreateTime().AsTime()))
			}
		}
		if len(names) < batch {
			return nil
		}
	}
}
