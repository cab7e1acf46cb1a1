// Package feeds serves the documents of a site that programs read: feeds,
// sitemaps and robots.txt.
//
//	/feed.xml /atom.xml /feed.json              the newest articles
//	/en/feed.xml ...                            in another language of the site
//	/feed.xml?tag=Danija&archive=2024-06        of a tag, of a month
//	/sitemap.xml /sitemap-2024.xml              pages for search engines
//	/news-sitemap.xml                           the news of two days
//	/robots.txt
//
// The sharing service makes a document once; its bytes, also compressed, are
// kept here and sent as they are for as long as the generation of the site
// stands, which counts whatever such documents are made of. While nobody can
// tell the generation, nothing is kept and everything is asked for: what was
// withdrawn is gone from every document when the sharing service knows.
package feeds

import (
	"fmt"
	"net/http"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
	"google.golang.org/grpc"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	// maxKept is how many bytes of documents are kept.
	maxKept = 64 << 20
	// maxDocument is the largest document; those of the sharing service are
	// smaller.
	maxDocument = 32 << 20
	// buildTimeout limits what making a document may take.
	buildTimeout = 20 * time.Second
	// maxBuilds is how many documents are made at a time, so that memory stays
	// bounded while a search engine reads all of them.
	maxBuilds = 4
	// newsFresh is how long a news sitemap is sent without asking again: it
	// changes with time alone.
	newsFresh = time.Minute
)

// Generations tells whether anything of a site changed that documents are made
// of.
type Generations interface {
	// Generation returns a number that grows with each change of the site, and
	// false while changes cannot be seen.
	Generation(site string) (uint64, bool)
}

// Feeds serves documents. It is safe for concurrent use.
type Feeds struct {
	sharing     sharingv1.SharingServiceClient
	generations Generations
	kept        *otter.Cache[key, *document]
	flights     singleflight.Group
	builds      chan struct{}
}

// New returns the documents that the sharing service makes.
func New(sharing grpc.ClientConnInterface, generations Generations) (*Feeds, error) {
	kept, err := otter.New(&otter.Options[key, *document]{
		MaximumWeight: maxKept,
		Weigher:       func(_ key, d *document) uint32 { return d.weight() },
	})
	if err != nil {
		return nil, fmt.Errorf("make the cache of documents: %w", err)
	}
	return &Feeds{
		sharing: sharingv1.NewSharingServiceClient(sharing), generations: generations,
		kept: kept, builds: make(chan struct{}, maxBuilds),
	}, nil
}

// Serve answers r when its address is that of a document of the site, and
// reports whether it is. The error is that of the sharing service; nothing was
// answered then.
func (f *Feeds) Serve(w http.ResponseWriter, r *http.Request, site *articlev1.Site) (bool, error) {
	k, ok := route(site, r.URL)
	if !ok {
		return false, nil
	}
	if k.kind == kindRobots {
		serveRobots(w, r, site)
		return true, nil
	}
	d, err := f.document(r, k)
	if err != nil {
		return true, err
	}
	d.send(w, r)
	return true, nil
}
