// Package cards keeps the social cards of published articles: it follows the
// articles, draws each card in the background when something that can be seen
// on it changes, and puts it into the object store.
//
// What is to be drawn is in the store and survives; a card is drawn again only
// when its generation, which stands for everything it is drawn from, is another
// one. One card is drawn at a time, so that uploads go before. Two instances
// over one store may draw the same card at the same time, with the same
// result.
//
// While the article service is away cards stay as they were, and while the
// object store is away they wait.
package cards

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/grpc"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/card"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// Waits of the keeper.
const (
	firstRetry = 500 * time.Millisecond
	maxRetry   = 30 * time.Second
	// siteEvery is how often the sites are looked at where nothing else is
	// said: nobody tells when one changes its name or its color.
	siteEvery = 30 * time.Second
	// tokenEvery is how often the token of a heartbeat is kept.
	tokenEvery = 30 * time.Second
)

// Articles is the part of the article service that a Keeper needs. What the
// public may see is enough.
type Articles interface {
	WatchArticles(ctx context.Context, in *articlev1.WatchArticlesRequest, opts ...grpc.CallOption) (grpc.ServerStreamingClient[articlev1.WatchArticlesResponse], error)
	GetSite(ctx context.Context, in *articlev1.GetSiteRequest, opts ...grpc.CallOption) (*articlev1.Site, error)
}

// Config is what a Keeper needs; everything is required but SiteEvery.
type Config struct {
	Records  *store.Store
	Objects  *blobs.Store
	Articles Articles
	// SiteEvery is how often the sites are looked at; 0 means 30 seconds.
	SiteEvery time.Duration
	Log       *slog.Logger
}

// Keeper keeps cards.
type Keeper struct {
	Config

	painter *card.Painter
	sites   sites
	wake    chan struct{}
}

// New returns a Keeper that does nothing before Run.
func New(c Config) (*Keeper, error) {
	painter, err := card.New()
	if err != nil {
		return nil, err
	}
	c.SiteEvery = cmp.Or(c.SiteEvery, siteEvery)
	return &Keeper{Config: c, painter: painter, sites: sites{known: make(map[string]site)}, wake: make(chan struct{}, 1)}, nil
}

// Run keeps cards until ctx ends. What fails is logged and tried again.
func (k *Keeper) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { k.keep(ctx, "following articles", k.followArticles) })
	all.Go(func() { k.keep(ctx, "following photos", k.followPhotos) })
	all.Go(func() { k.keep(ctx, "looking at sites", k.followSites) })
	all.Go(func() { k.keep(ctx, "drawing", k.work) })
	all.Wait()
}

// Wake tells that something may have been put into the queue.
func (k *Keeper) Wake() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// keep runs step again and again, after longer and longer waits when it keeps
// failing.
func (k *Keeper) keep(ctx context.Context, doing string, step func(context.Context) error) {
	wait := firstRetry
	for {
		began := time.Now()
		err := step(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > maxRetry {
			wait = firstRetry
		}
		k.Log.Warn("social cards are not kept for a moment", slog.String("while", doing),
			slog.Any("error", err), slog.Duration("retry", wait))
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, maxRetry)
	}
}
