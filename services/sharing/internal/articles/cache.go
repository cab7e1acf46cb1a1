package articles

import (
	"cmp"
	"fmt"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// What a Cache promises. They bound for how long an article that was withdrawn
// can still be shown.
const (
	// FreshFor is how long after the last word from the feed what is cached
	// counts as true: a change takes effect within moments while the feed
	// answers, and within FreshFor when it falls silent without breaking off.
	FreshFor = 15 * time.Second
	// KeptFor is how long after the last word from the feed what is cached stands
	// in for an article service that does not answer. One that cannot be reached
	// by us may still be told by others to withdraw an article.
	KeptFor = time.Minute
)

// overhead is what a decoded article takes in memory for each encoded byte.
const overhead = 3

// Cache keeps published articles decoded, and all sites. It is true only while it
// is told what changes, by a follower of the feed that calls Connected, Heard,
// Drop, Lost and Sites; at other times it is passed by. It is safe for concurrent
// use; what it returns is shared and not changed.
type Cache struct {
	articles *otter.Cache[published.Name, *articlev1.Article]

	mu      sync.Mutex
	epoch   uint64    // grows with everything that is told of articles
	live    bool      // changes are told
	heard   time.Time // when there was word from the feed last
	flights map[published.Name]*flight
	sites   map[string]site // by name; replaced, not changed
	listed  time.Time       // when they were listed; zero when never
}

// site is a site with its time zone, nil when that is not known here; reading
// one takes longer than all else that is done with a cached article.
type site struct {
	resource *articlev1.Site
	zone     *time.Location
}

// flight is one reading of an article, however many wait for it.
type flight struct {
	done    chan struct{}
	stale   bool // the article changed since it was asked for; under Cache.mu
	article *articlev1.Article
	err     error
}

// DefaultBytes is how much a Cache holds when nobody says.
const DefaultBytes = 64 << 20

// NewCache returns a cache that holds at most so many bytes of articles, about;
// 0 means DefaultBytes.
func NewCache(bytes uint64) (*Cache, error) {
	entries, err := otter.New(&otter.Options[published.Name, *articlev1.Article]{
		MaximumWeight: cmp.Or(bytes, DefaultBytes),
		Weigher: func(_ published.Name, a *articlev1.Article) uint32 {
			return uint32(min(proto.Size(a)*overhead+1024, 1<<31)) //nolint:gosec // G115: at most 2^31
		},
	})
	if err != nil {
		return nil, fmt.Errorf("make the cache of articles: %w", err)
	}
	return &Cache{articles: entries, flights: make(map[published.Name]*flight)}, nil
}

// Connected says that every change from now on is told. What was known before is
// forgotten, for changes may have been missed.
func (c *Cache) Connected() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abandon()
	c.articles.InvalidateAll()
	c.live, c.heard = true, time.Now()
}

// Heard says that there was word from the feed just now.
func (c *Cache) Heard() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = time.Now()
}

// Drop says that an article is not what it was.
func (c *Cache) Drop(name published.Name) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	if f, flying := c.flights[name]; flying {
		f.stale = true
		delete(c.flights, name) // who asks from now on gets what it is now
	}
	c.articles.Invalidate(name)
}

// Lost says that changes may not be told until Connected is called again.
func (c *Cache) Lost() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abandon()
	c.live = false
}

// Sites says what all sites now are.
func (c *Cache) Sites(sites []*articlev1.Site) {
	named := byName(sites)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sites, c.listed = named, time.Now()
}

func byName(sites []*articlev1.Site) map[string]site {
	named := make(map[string]site, len(sites))
	for _, resource := range sites {
		zone, err := time.LoadLocation(resource.GetTimeZone())
		if err != nil {
			zone = nil
		}
		named[resource.GetName()] = site{resource: resource, zone: zone}
	}
	return named
}

// Restore gives what all sites were when they were last listed, for the time
// until they are listed again. It changes nothing after Sites.
func (c *Cache) Restore(sites []*articlev1.Site) {
	named := byName(sites)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listed.IsZero() {
		c.sites = named
	}
}

// abandon lets no flight be kept.
func (c *Cache) abandon() {
	c.epoch++
	for _, f := range c.flights {
		f.stale = true
	}
	clear(c.flights)
}

// site returns a site, without resource when it is not known, and whether that is
// true now.
func (c *Cache) site(name string) (known published.Site, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := c.sites[name]
	return published.Site{Resource: found.resource, Zone: found.zone}, !c.listed.IsZero() && time.Since(c.listed) <= FreshFor
}

// article returns an article, nil when it is not kept or cannot be used any
// more, and whether it is true now.
func (c *Cache) article(name published.Name) (article *articlev1.Article, fresh bool) {
	article, ok := c.articles.GetIfPresent(name)
	if !ok {
		return nil, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	age := time.Since(c.heard)
	if age > KeptFor {
		return nil, false
	}
	return article, c.live && age <= FreshFor
}

// join returns the flight for an article, and whether the caller has to make it.
func (c *Cache) join(name published.Name) (f *flight, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f, flying := c.flights[name]; flying {
		return f, false
	}
	f = &flight{done: make(chan struct{})}
	c.flights[name] = f
	return f, true
}

// land ends a flight with what was read. It is kept unless it may be old.
func (c *Cache) land(name published.Name, f *flight, article *articlev1.Article, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !f.stale {
		delete(c.flights, name)
		if err == nil && c.live {
			c.articles.Set(name, article)
		}
	}
	f.article, f.err = article, err
	close(f.done)
}

// now returns the epoch to give to keep; a nil cache has none.
func (c *Cache) now() uint64 {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

// keep keeps an article that was read after the epoch, unless anything was told
// since. A nil cache keeps nothing.
func (c *Cache) keep(epoch uint64, name published.Name, article *articlev1.Article) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.live && c.epoch == epoch {
		c.articles.Set(name, article)
	}
}
