// Package documents finds what feeds and sitemaps of a site are made of - rows
// of the store and whole articles - and has them written.
//
// Nothing in a document is older than the store: a document that was made
// before is used again only while the generation of its site stands, and an
// article that the article service no longer shows is left out although the
// store still has its row.
package documents

import (
	"context"
	"fmt"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sitemap"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

const (
	// maxKept is how many bytes of feeds are kept.
	maxKept = 32 << 20
	// maxPlans is of how many sites the division into sitemaps is kept.
	maxPlans = 200
	// buildTimeout limits what making a document may take that several callers
	// wait for.
	buildTimeout = 20 * time.Second
)

// Bodies reads whole articles.
type Bodies interface {
	// Articles returns published articles of a site in the order of the names,
	// without those that readers do not see.
	Articles(ctx context.Context, site published.Site, names []published.Name) ([]published.Article, error)
}

// Sites reads sites.
type Sites interface {
	// Site returns a site by its name. It fails with RESOURCE_NOT_FOUND.
	Site(ctx context.Context, name string) (published.Site, error)
}

// Hubs tells which hubs (W3C WebSub) the feeds of a site name.
type Hubs interface {
	// Hubs returns their addresses, always in the same order, by the id of the
	// site.
	Hubs(ctx context.Context, site string) ([]string, error)
}

// Config is what a Maker is made of; all of it is required.
type Config struct {
	Store *store.Store
	// Sites reads sites that the store does not know yet.
	Sites Sites
	// Bodies reads articles, also from a cache; Fresh reads them from the article
	// service, where the cache is behind the store.
	Bodies, Fresh Bodies
	Hubs          Hubs
	// PublicURI is the origin of sites that have none, see published.Site.
	PublicURI string
}

// Maker makes documents. It is safe for concurrent use.
type Maker struct {
	Config

	feeds   *otter.Cache[Feed, made]
	plans   *otter.Cache[string, plan]
	flights singleflight.Group
	perFile int // articles in a sitemap
}

// made is a feed and the generation of the site it was made in.
type made struct {
	generation uint64
	document   syndication.Document
	modified   time.Time
}

// New returns a Maker. The error is about the sizes of its caches and cannot
// come up in a tested program.
func New(config Config) (*Maker, error) {
	feeds, err := otter.New(&otter.Options[Feed, made]{
		MaximumWeight: maxKept,
		Weigher:       func(_ Feed, m made) uint32 { return uint32(len(m.document.Bytes)) + 512 }, //nolint:gosec // G115: a few MiB
	})
	if err != nil {
		return nil, fmt.Errorf("make the cache of feeds: %w", err)
	}
	plans, err := otter.New(&otter.Options[string, plan]{MaximumSize: maxPlans})
	if err != nil {
		return nil, fmt.Errorf("make the cache of sitemaps: %w", err)
	}
	return &Maker{Config: config, feeds: feeds, plans: plans, perFile: sitemap.MaxPages}, nil
}

// site returns a site by its id. It fails with RESOURCE_NOT_FOUND, and with
// SERVICE_UNAVAILABLE while the store was never complete: a document without
// most of its articles would look as if they were gone.
func (m *Maker) site(ctx context.Context, id string) (published.Site, error) {
	feed, err := m.Store.Feed(ctx)
	if err != nil {
		return published.Site{}, err
	}
	if !feed.Complete {
		return published.Site{}, fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"the sharing service is still reading what is published; try again").RetryAfter(2 * time.Second)
	}
	site, err := m.Store.Site(ctx, id)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return m.Sites.Site(ctx, published.SiteName(id)) // one that was made a moment ago
	}
	if err != nil {
		return published.Site{}, err
	}
	return published.Site{Resource: site, PublicURI: m.PublicURI}, nil
}
