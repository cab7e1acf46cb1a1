package gateway

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/clicks"
	"github.com/skaitykla/skaitykla/gateway/internal/sharefeed"
	"github.com/skaitykla/skaitykla/gateway/internal/shortlinks"
	"github.com/skaitykla/skaitykla/gateway/internal/site"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// links are what short links and what is made of them need: the feed that says
// where they lead, and the count of those who open them.
type links struct {
	feed    *sharefeed.Feed
	counter *clicks.Counter // nil without a token: nothing is counted
	bursts  *clicks.Bursts
}

func newLinks(config Config, services *connections) (*links, error) {
	feed, err := sharefeed.New(sharefeed.Config{Reader: services.sharing, Watcher: services.own, Log: config.Log})
	if err != nil {
		return nil, err
	}
	l := &links{feed: feed, bursts: clicks.NewBursts(clicks.DefaultLimits(), time.Now())}
	if config.tokens() == nil {
		config.Log.Warn("there is no token for the sharing service: it is asked for every short link, and nothing is counted; " +
			"set SKAITYKLA_GATEWAY_TOKEN_FILE")
		return l, nil
	}
	l.counter = clicks.NewCounter(sharingv1.NewSharingServiceClient(services.own), config.Log)
	return l, nil
}

// before returns a handler that opens short links, and leaves all else to next.
func (l *links) before(next http.Handler, pages *site.Site, config Config) http.Handler {
	handler := shortlinks.New(shortlinks.Config{
		Links: l.feed, Pages: pages, Counter: l.counter, Bursts: l.bursts, TrustedProxies: config.TrustedProxies,
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if shortlinks.Has(r.URL.Path) {
			handler.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// run follows and counts until stop is called, after the last request: then what
// was counted is handed on.
func (l *links) run(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var background sync.WaitGroup
	background.Go(func() { l.bursts.Run(ctx) })
	if l.counter != nil {
		background.Go(func() { l.feed.Run(ctx) })
		background.Go(func() { l.counter.Run(ctx) })
	}
	return func() { cancel(); background.Wait() }
}
