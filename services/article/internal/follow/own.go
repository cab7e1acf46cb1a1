package follow

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// How many records are read at a time.
const (
	scanPage  = 100
	learnPage = 1000
)

// followOwn learns the usages of what is public, closes ready once, and follows
// our own feed from where it stood.
func (f *Follower) followOwn(ctx context.Context, ready chan struct{}) error {
	newest, err := f.Store.Version(ctx)
	if err != nil {
		return err
	}
	if err := f.learn(ctx); err != nil {
		return err
	}
	select {
	case <-ready:
	default:
		close(ready)
	}
	from, err := f.ownCursor(ctx, newest)
	if err != nil {
		return err
	}
	err = f.readOwn(ctx, from)
	if fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) {
		return f.restart(ctx, newest, err)
	}
	return err
}

// ownCursor returns where to follow our feed from: where it stood, or newest
// in a store that was never followed.
func (f *Follower) ownCursor(ctx context.Context, newest uint64) (uint64, error) {
	saved, err := f.Store.Cursor(ctx, ownCursor)
	if err != nil || saved == "" {
		return newest, err
	}
	from, err := strconv.ParseUint(saved, 10, 64)
	if err != nil {
		return newest, fmt.Errorf("read the position in our own feed: %w", err)
	}
	return from, nil
}

// restart makes everything again when the log does not reach back to where it
// stood.
func (f *Follower) restart(ctx context.Context, newest uint64, cause error) error {
	refresh := func(n article.Name, _ []byte) error { f.Refresh(n); return nil }
	if err := f.eachPublic(ctx, "-", refresh); err != nil {
		return err
	}
	if !f.queue.drained(ctx) {
		return ctx.Err()
	}
	if err := f.Store.SaveCursor(ctx, ownCursor, strconv.FormatUint(newest, 10)); err != nil {
		return err
	}
	return cause
}

func (f *Follower) readOwn(ctx context.Context, from uint64) error {
	saved, news := time.Now(), false
	for batch, err := range f.Store.WatchAll(ctx, from) {
		if err != nil {
			return err
		}
		sites := false
		for _, told := range batch.Told {
			news = true
			if told.Name.ID == "" && told.Group == "" {
				sites = true
			}
			if err := f.hear(ctx, told); err != nil {
				return err
			}
		}
		if !sites && (!news || time.Since(saved) < saveEvery) {
			continue
		}
		if !f.queue.drained(ctx) {
			return ctx.Err()
		}
		if err := f.Store.SaveCursor(ctx, ownCursor, strconv.FormatUint(batch.Through, 10)); err != nil {
			return err
		}
		saved, news = time.Now(), false
	}
	return nil
}

// hear brings the usages up to date, and asks for all that a changed site has.
func (f *Follower) hear(ctx context.Context, told article.Told) error {
	switch {
	case told.Group != "":
		return f.refreshGroup(ctx, told.Name.Site, told.Group)
	case told.Name.ID == "":
		return f.eachPublic(ctx, told.Name.Site, func(n article.Name, _ []byte) error { f.Refresh(n); return nil })
	case told.PublicKind == 0:
		return nil
	}
	photos, err := f.Store.ShownPhotos(ctx, told.Name)
	if err != nil {
		return err
	}
	f.usage.set(told.Name, photos)
	return nil
}

// refreshGroup asks for all that readers see of a translation group, for each of
// them names the others.
func (f *Follower) refreshGroup(ctx context.Context, site, group string) error {
	siblings, err := f.Store.Siblings(ctx, site, group)
	if err != nil {
		return err
	}
	for _, sibling := range siblings {
		if sibling.Public != nil {
			f.Refresh(sibling.Name)
		}
	}
	return nil
}

// learn takes the usages of all that is public from the store.
func (f *Follower) learn(ctx context.Context) error {
	for after := []byte(nil); ; {
		items, err := f.Store.AllShownPhotos(ctx, after, learnPage)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, item := range items {
			f.usage.set(item.Name, item.Photos)
		}
		after = items[len(items)-1].Position
	}
}

// eachPublic calls fn with every published projection of a site, "-" for all.
func (f *Follower) eachPublic(ctx context.Context, site string, fn func(article.Name, []byte) error) error {
	for after := []byte(nil); ; {
		items, err := f.Store.Projections(ctx, site, after, scanPage)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, item := range items {
			if n, ok := f.Store.ParsePosition(item.Position); ok {
				if err := fn(n, item.Encoded); err != nil {
					return err
				}
			}
		}
		after = items[len(items)-1].Position
	}
}
