package follow

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/pause"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// work makes projections again, one at a time, until ctx ends.
func (f *Follower) work(ctx context.Context) {
	const shortest, longest = 100 * time.Millisecond, 10 * time.Second
	wait := shortest
	for {
		n, ok := f.queue.take(ctx)
		if !ok {
			return
		}
		err := f.remake(ctx, n)
		if err == nil || !retriable(err) {
			if err != nil && ctx.Err() == nil {
				f.Log.ErrorContext(ctx, "a projection could not be made again", slog.String("article", n.String()), slog.Any("error", err))
			}
			wait = shortest
			f.queue.done()
			continue
		}
		f.queue.add(n)
		f.queue.done()
		if !pause.For(ctx, wait) {
			return
		}
		wait = min(2*wait, longest)
	}
}

// retriable reports whether trying again later can help.
func retriable(err error) bool {
	if errors.Is(err, article.ErrOvertaken) {
		return true
	}
	return slices.Contains([]faultv1.Reason{
		faultv1.Reason_REASON_SERVICE_UNAVAILABLE, faultv1.Reason_REASON_STORE_UNAVAILABLE,
		faultv1.Reason_REASON_WRITE_CONTENTION,
	}, fault.ReasonOf(err))
}

// remake makes the projection of an article again and stores it if it became
// another one.
func (f *Follower) remake(ctx context.Context, n article.Name) error {
	l, err := f.Store.LoadPublished(ctx, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil // taken away since
	}
	if err != nil {
		return err
	}
	m := article.Manuscript{Site: l.Site.GetSite(), LanguageCode: l.State.GetLanguageCode(), Content: l.Content()}
	if group := l.Content().GetTranslationGroup(); group != "" {
		siblings, err := f.Store.Siblings(ctx, n.Site, group)
		if err != nil {
			return err
		}
		m.Translations = article.Translations(m.Site, n, siblings, true)
	}
	if names := article.Photos(l.Content()); len(names) > 0 {
		if m.Photos, err = f.Lookup(ctx, m.Site.GetName(), names); err != nil {
			return err
		}
	}
	made, err := f.Project(l.State, l.Revision, m)
	if err != nil {
		return err
	}
	stored, err := f.Store.Projection(ctx, n)
	if err != nil || bytes.Equal(stored, made.Full) {
		return err
	}
	return f.Store.Commit(ctx, article.Change{
		Name: n, Before: l.State, After: proto.CloneOf(l.State),
		Projection: &made, SiteVersion: l.Site.GetVersion(), Silent: true,
		Kind: articlev1.WatchArticlesResponse_KIND_UPDATED, PublicKind: articlev1.WatchArticlesResponse_KIND_UPDATED,
	})
}
