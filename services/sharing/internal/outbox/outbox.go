// Package outbox tells others what happens to articles: it makes deliveries of
// the events that the store noted, and brings them to webhook endpoints and
// hubs.
//
// The store is the truth. An event is noted in the transaction that learns of
// it, becomes one delivery for each endpoint, and a delivery is pending until its
// receiver took it or it is given up: nothing is lost when a process dies at
// any moment, and what was sent without being written down is sent again with
// the same message id. Any number of instances may run over one store.
//
// One endpoint has one call at a time for each instance, so a slow receiver
// keeps nobody waiting but itself. A host that does not answer is left alone for
// a while, see breaker.
package outbox

import (
	"cmp"
	"context"
	"iter"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

const (
	// look is how often the store is asked what is to do when nothing tells;
	// timers run on while the clock of the machine jumps.
	look = time.Minute
	// rest is how long nothing is tried after the store failed.
	rest = 5 * time.Second
	// DefaultLease is how long a delivery stays reserved when its sender is gone.
	DefaultLease = 30 * time.Second
	// tidyEvery is how often what is over is removed.
	tidyEvery = 10 * time.Minute
	// DefaultCalls is how many calls are made at once.
	DefaultCalls = 32
)

// Records is the part of the store that an Outbox needs.
type Records interface {
	OutboxEvents(ctx context.Context, limit int) ([]*recordv1.OutboxEvent, error)
	DropOutboxEvent(ctx context.Context, message string) error
	Endpoints(ctx context.Context, site string, now time.Time) ([]*sharingv1.WebhookEndpoint, error)
	Site(ctx context.Context, id string) (*articlev1.Site, error)
	WithdrawMessages(ctx context.Context, name published.Name, before string, now time.Time) error
	AddDelivery(ctx context.Context, to webhook.Name, m store.Message, event, now time.Time) (bool, error)
	Turns(ctx context.Context) ([]store.Turn, error)
	Take(ctx context.Context, from webhook.Name, lease webhook.Lease, now time.Time) (*store.Work, error)
	Settle(ctx context.Context, name webhook.DeliveryName, holder string, o webhook.Outcome, now time.Time) (*sharingv1.Delivery, error)
	PurgeDeliveries(ctx context.Context, now time.Time) (int, error)
	SweepEndpoints(ctx context.Context) error
	Version(ctx context.Context) (uint64, error)
	Watch(ctx context.Context, site string, after uint64) iter.Seq2[store.Batch, error]
}

// Caller sends a message; an egress.Client.
type Caller interface {
	Post(ctx context.Context, uri string, header http.Header, body []byte) (egress.Answer, error)
}

// Config is what an Outbox needs; what is not said to be optional is required.
type Config struct {
	Records Records
	Caller  Caller
	// PublicURI is the origin of sites that have none of their own.
	PublicURI string
	// Calls is how many calls are made at once; 0 means DefaultCalls.
	Calls int
	// Lease is how long a delivery stays reserved when its sender is gone: three
	// times what a call may take, so that it can be written down, and the clocks
	// of instances differ by as much. 0 means DefaultLease.
	Lease time.Duration
	Log   *slog.Logger
}

// Outbox sends deliveries.
type Outbox struct {
	Config

	poked   chan struct{}
	untidy  chan struct{} // gets a word when endpoints were changed
	places  chan struct{} // taken by calls
	breaker *breaker

	mu   sync.Mutex
	busy map[webhook.Name]bool
}

// New returns an Outbox that does nothing before Run.
func New(c Config) *Outbox {
	c.Lease = cmp.Or(c.Lease, DefaultLease)
	return &Outbox{
		Config: c, poked: make(chan struct{}, 1), untidy: make(chan struct{}, 1), places: make(chan struct{}, cmp.Or(c.Calls, DefaultCalls)),
		breaker: newBreaker(), busy: make(map[webhook.Name]bool),
	}
}

// Run sends until ctx ends. Calls that are under way are then broken off, and
// what they were about is due again at once.
func (o *Outbox) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { o.listen(ctx) })
	all.Go(func() { o.tidy(ctx) })
	for ctx.Err() == nil {
		o.dispatch(ctx)
		timer := time.NewTimer(o.round(ctx, &all))
		select {
		case <-ctx.Done():
		case <-o.poked:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// round begins what is due and returns how long there is nothing more to do.
func (o *Outbox) round(ctx context.Context, all *sync.WaitGroup) time.Duration {
	turns, err := o.Records.Turns(ctx)
	if err != nil {
		if ctx.Err() == nil {
			o.Log.WarnContext(ctx, "what is to be delivered could not be read", slog.Any("error", err))
		}
		return rest
	}
	// Whoever is first by name must not always be first.
	rand.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] }) //nolint:gosec // hides nothing
	wait, at := look, now()
	for _, turn := range turns {
		host := hostOf(turn.URI)
		due := turn.Time
		if open := o.breaker.until(host); open.After(due) {
			due = open
		}
		if due.After(at) {
			wait = min(wait, due.Sub(at))
			continue
		}
		o.begin(ctx, turn.Endpoint, host, all)
	}
	return wait
}

// begin delivers to an endpoint beside the others, unless that is under way.
func (o *Outbox) begin(ctx context.Context, endpoint webhook.Name, host string, all *sync.WaitGroup) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy[endpoint] {
		return
	}
	select {
	case o.places <- struct{}{}:
	default:
		return // the first that ends pokes
	}
	if !o.breaker.enter(host, now()) {
		<-o.places
		return
	}
	o.busy[endpoint] = true
	all.Go(func() {
		o.deliver(ctx, endpoint, host)
		<-o.places
		o.mu.Lock()
		delete(o.busy, endpoint)
		o.mu.Unlock()
		poke(o.poked)
	})
}

// listen has what was changed, by this instance or another, looked at.
func (o *Outbox) listen(ctx context.Context) {
	for ctx.Err() == nil {
		after, err := o.Records.Version(ctx)
		if err == nil {
			poke(o.poked) // what was changed before is not told
			poke(o.untidy)
			for batch, failed := range o.Records.Watch(ctx, "-", after) {
				if err = failed; err != nil {
					break
				}
				if len(batch.Changes) > 0 {
					poke(o.poked)
				}
				if slices.ContainsFunc(batch.Changes, func(c store.Change) bool { return c.Theme == store.WebhookTheme }) {
					poke(o.untidy)
				}
			}
		}
		if ctx.Err() != nil {
			return
		}
		o.Log.WarnContext(ctx, "the store could not be watched; it is asked every minute", slog.Any("error", err))
		pause.For(ctx, rest)
	}
}

// tidy removes what is over.
func (o *Outbox) tidy(ctx context.Context) {
	for ctx.Err() == nil {
		o.breaker.forget(now())
		err := o.Records.SweepEndpoints(ctx)
		for n := 1; n > 0 && err == nil; {
			n, err = o.Records.PurgeDeliveries(ctx, now())
		}
		if err != nil && ctx.Err() == nil {
			o.Log.WarnContext(ctx, "old deliveries could not be removed", slog.Any("error", err))
		}
		timer := time.NewTimer(tidyEvery)
		select {
		case <-ctx.Done():
		case <-o.untidy:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// poke leaves a word that there is something to do, unless there is one.
func poke(words chan<- struct{}) {
	select {
	case words <- struct{}{}:
	default:
	}
}

// hostOf returns host and port of an address.
func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Host
}

// now is the time; the store keeps microseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
