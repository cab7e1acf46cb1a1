package site

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

const (
	// sitesFresh is how long the list of sites is used without asking again: a
	// change of a host or title shows after at most so long.
	sitesFresh = 5 * time.Second
	// sitesStale is how long it is used when asking fails.
	sitesStale = 5 * time.Minute
	// maxSitePages bounds the walk through the list.
	maxSitePages = 50
)

// errNoSite says that no site answers to the host.
var errNoSite = errors.New("no site has this host")

// directory finds sites by host.
type directory struct {
	articles articlev1.ArticleServiceClient

	mu    sync.Mutex // held while asking, so that one request asks for all
	sites []*articlev1.Site
	asked time.Time
}

func newDirectory(articles articlev1.ArticleServiceClient) *directory {
	return &directory{articles: articles}
}

// find returns the site that answers to the Host header of r: the one that
// names it, or, if there is only one, that one on a loopback address. It fails
// with errNoSite, or as the article service fails.
func (d *directory) find(ctx context.Context, r *http.Request) (*articlev1.Site, error) {
	sites, err := d.list(ctx, r)
	if err != nil {
		return nil, err
	}
	host := hostOf(r)
	for _, site := range sites {
		if slices.Contains(site.GetHosts(), host) {
			return site, nil
		}
	}
	if len(sites) == 1 && isLoopback(host) {
		return sites[0], nil
	}
	return nil, errNoSite
}

// list returns all sites, at most sitesFresh old unless the service is away.
func (d *directory) list(ctx context.Context, r *http.Request) ([]*articlev1.Site, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	age := time.Since(d.asked)
	if d.sites != nil && age < sitesFresh {
		return d.sites, nil
	}
	sites, err := d.ask(ctx, r)
	if err != nil {
		if d.sites != nil && age < sitesStale {
			return d.sites, nil
		}
		return nil, err
	}
	d.sites, d.asked = sites, time.Now()
	return sites, nil
}

func (d *directory) ask(ctx context.Context, r *http.Request) ([]*articlev1.Site, error) {
	ctx, cancel := context.WithTimeout(ctx, extraTimeout)
	defer cancel()
	ctx = reply.Anonymous(ctx, r)
	sites := []*articlev1.Site{}
	token := ""
	for range maxSitePages {
		page, err := d.articles.ListSites(ctx, &articlev1.ListSitesRequest{PageSize: 200, PageToken: token})
		if err != nil {
			return nil, err
		}
		sites = append(sites, page.GetSites()...)
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	return sites, nil
}

// hostOf returns the host of r in the form that Site.hosts has: lower case,
// without port and final dot.
func hostOf(r *http.Request) string {
	host := r.Host
	if strings.Contains(host, ":") {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
