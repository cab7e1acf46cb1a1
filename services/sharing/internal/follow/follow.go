// Package follow keeps the rows of sharing's store true to what readers see: it
// follows the feed of published articles, asked as anybody, and lists the sites
// every few seconds.
//
// The rows are derived: they are rebuilt from a snapshot of the feed. Links,
// deliveries and what is kept of withdrawn articles are made with them, in the
// same transaction as the place in the feed, so that each event has its effect
// once, over crashes and restarts. Of several instances over one store one
// follows; the others wait until it has left or died, and meanwhile listen only
// to keep their caches true.
//
// An article that cannot be kept does not stop the feed: it is set aside,
// logged, and tried again.
package follow

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/pause"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// Waits of a follower.
const (
	firstRetry = 250 * time.Millisecond
	maxRetry   = 30 * time.Second
	// aliveEvery is how often a follower that has nothing to tell says that it
	// lives; deadAfter is after what silence another one takes over, and
	// lookEvery how often it looks.
	aliveEvery = 5 * time.Second
	deadAfter  = 20 * time.Second
	lookEvery  = 2 * time.Second
	// silence is after what time without a word the feed, which has heartbeats
	// at least every 10 s, is taken for broken.
	silence = 30 * time.Second
)

// Client is what is called of the article service.
type Client interface {
	WatchArticles(ctx context.Context, in *articlev1.WatchArticlesRequest, opts ...grpc.CallOption) (
		grpc.ServerStreamingClient[articlev1.WatchArticlesResponse], error)
	GetArticle(ctx context.Context, in *articlev1.GetArticleRequest, opts ...grpc.CallOption) (*articlev1.Article, error)
	ListSites(ctx context.Context, in *articlev1.ListSitesRequest, opts ...grpc.CallOption) (*articlev1.ListSitesResponse, error)
}

// Rows is the part of the store that a Follower needs.
type Rows interface {
	Feed(ctx context.Context) (store.Feed, error)
	Follow(ctx context.Context, holder string, now time.Time) error
	SetToken(ctx context.Context, f store.Following, now time.Time) error
	Alive(ctx context.Context, f store.Following, now time.Time) error
	CompleteSnapshot(ctx context.Context, f store.Following, now time.Time) error
	Leave(ctx context.Context, f store.Following, now time.Time) error
	Tidy(ctx context.Context) error
	Learn(ctx context.Context, f store.Following, e store.Event, now time.Time) (store.Transition, error)
	SetAside(ctx context.Context, f store.Following, name published.Name, cause error, now time.Time) error
	Unread(ctx context.Context, now time.Time, limit int) ([]published.Name, error)
	EachArticle(ctx context.Context, fn func(published.Name) error) error
	Sites(ctx context.Context) ([]*articlev1.Site, error)
	LearnSites(ctx context.Context, sites []*articlev1.Site, now time.Time) ([]string, error)
}

// Cache is what must not outlive what readers see. It is told in the order of
// the feed.
type Cache interface {
	// Connected says that every change from now on is told.
	Connected()
	// Heard says that there was word from the feed just now.
	Heard()
	// Drop says that an article is not what it was.
	Drop(name published.Name)
	// Lost says that changes may not be told until Connected is called again.
	Lost()
	// Sites says what all sites now are.
	Sites(sites []*articlev1.Site)
}

// Follower follows the articles and sites of the suite. Its fields are set
// before Run.
type Follower struct {
	// Articles is the article service, on a connection that adds no token.
	Articles Client
	Rows     Rows
	Cache    Cache
	Log      *slog.Logger
	// SitesEvery is how often sites are listed; 0 means 5 s.
	SitesEvery time.Duration
	// Hold is how long snapshots that lack most of what is known must say the
	// same before it is withdrawn; 0 believes the first one.
	Hold time.Duration

	doubted time.Time // since when they do
}

// Run follows until the context ends. What breaks off is resumed, at once if it
// was good before, else after longer and longer waits.
func (f *Follower) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { f.listSites(ctx) })
	both.Go(func() { f.takeTurns(ctx) })
	both.Wait()
}

// takeTurns follows or waits for its turn.
func (f *Follower) takeTurns(ctx context.Context) {
	holder := rand.Text()
	for ctx.Err() == nil {
		err := f.lead(ctx, holder)
		if errors.Is(err, store.ErrSuperseded) {
			f.Log.Info("another instance follows the article feed; this one waits")
			f.standBy(ctx)
		}
	}
	// Also when the service is stopping, the next one should not have to wait.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := f.Rows.Leave(ctx, store.Following{Holder: holder}, time.Now()); err != nil && !errors.Is(err, store.ErrSuperseded) {
		f.Log.Debug("the article feed was not left", slog.Any("error", err))
	}
}

// lead takes over and follows until the context ends or another one takes over;
// then it fails with ErrSuperseded.
func (f *Follower) lead(ctx context.Context, holder string) error {
	led := false
	for wait := firstRetry; ; wait = min(2*wait, maxRetry) {
		var err error
		if !led {
			err = f.Rows.Follow(ctx, holder, time.Now())
			led = err == nil
		}
		good := false
		if err == nil {
			good, err = f.follow(ctx, holder)
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrSuperseded) {
			return err
		}
		if good {
			wait = firstRetry
		}
		f.explain(err, wait == firstRetry)
		if expired(err) {
			if err := f.Rows.SetToken(ctx, store.Following{Holder: holder}, time.Now()); err != nil {
				f.Log.Error("the place in the article feed cannot be kept", slog.Any("error", err))
			}
		}
		if !f.rest(ctx, holder, wait, err) {
			return ctx.Err()
		}
	}
}

// expired reports whether the feed cannot be resumed from where it was left.
func expired(err error) bool {
	return fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) || fault.Has(err, faultv1.Reason_REASON_INVALID_RESUME_TOKEN)
}

// explain logs why the feed broke off; what is likely to be the same as before
// is logged for the first attempt only.
func (f *Follower) explain(err error, first bool) {
	switch {
	case errors.Is(err, errDoubtful): // was said in more words
	case expired(err):
		f.Log.Info("the article feed is read from a snapshot", slog.Any("because", err))
	case first:
		f.Log.Warn("the article feed is away; links go on, nothing new is shared until it is back", slog.Any("error", err))
	}
}

// standBy returns when nobody follows any more, or the context ends. Until then
// it listens.
func (f *Follower) standBy(ctx context.Context) {
	listening, stop := context.WithCancel(ctx)
	var listener sync.WaitGroup
	listener.Go(func() { f.listen(listening) })
	defer listener.Wait()
	defer stop()
	for pause.For(ctx, lookEvery) {
		feed, err := f.Rows.Feed(ctx)
		if err == nil && (feed.Holder == "" || time.Since(feed.Last) > deadAfter) {
			return
		}
	}
}
