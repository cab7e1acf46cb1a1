// Package articles reads published articles and their sites from the article
// service, as anybody may: no token of ours or of the caller goes along, so
// that nothing can be shared that is not public. What was read is kept in a
// Cache for as long as that is sure to be what readers see.
package articles

import (
	"context"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// Client is what is called of the article service.
type Client interface {
	GetSite(ctx context.Context, in *articlev1.GetSiteRequest, opts ...grpc.CallOption) (*articlev1.Site, error)
	GetArticle(ctx context.Context, in *articlev1.GetArticleRequest, opts ...grpc.CallOption) (*articlev1.Article, error)
	BatchGetArticles(ctx context.Context, in *articlev1.BatchGetArticlesRequest, opts ...grpc.CallOption) (*articlev1.BatchGetArticlesResponse, error)
	ListArticles(ctx context.Context, in *articlev1.ListArticlesRequest, opts ...grpc.CallOption) (*articlev1.ListArticlesResponse, error)
}

// Reader reads from the article service. It is safe for concurrent use. What it
// returns may be shared with others and is not changed.
//
// Its methods fail with RESOURCE_NOT_FOUND, and with SERVICE_UNAVAILABLE when
// the article service does not answer in time.
type Reader struct {
	// Client is a connection that adds no token.
	Client Client
	// PublicURI is the origin for sites that have none, see published.Site.
	PublicURI string
	// Timeout is for one read, all its calls together.
	Timeout time.Duration
	// Cache keeps what was read; nil to read everything anew.
	Cache *Cache
}

// Site returns the site of the name "sites/{site}". It is at most FreshFor old,
// or older when the article service does not answer: a site has nothing that
// could become private.
func (r Reader) Site(ctx context.Context, name string) (published.Site, error) {
	calls, cancel := r.anonymous(ctx)
	defer cancel()
	site, err := r.site(calls, name)
	if err != nil {
		return published.Site{}, failure(ctx, err, name)
	}
	return site, nil
}

// Article returns the published article of the name
// "sites/{site}/articles/{article}" with its site. While the article service does
// not answer it may be up to KeptFor old.
func (r Reader) Article(ctx context.Context, name string) (published.Article, error) {
	parsed, err := published.ParseName("name", name)
	if err != nil {
		return published.Article{}, fault.NotFound(name)
	}
	if article, ok := r.cached(parsed); ok {
		return article, nil
	}
	calls, cancel := r.anonymous(ctx)
	defer cancel()
	var article published.Article
	group, calls := errgroup.WithContext(calls)
	group.Go(func() (err error) {
		article.Site, err = r.site(calls, published.SiteName(parsed.Site))
		return err
	})
	group.Go(func() (err error) {
		article.Resource, err = r.article(calls, parsed)
		return err
	})
	if err := group.Wait(); err != nil {
		return published.Article{}, failure(ctx, err, name)
	}
	return article, nil
}

// cached returns an article that can be answered without asking anybody.
func (r Reader) cached(name published.Name) (published.Article, bool) {
	if r.Cache == nil {
		return published.Article{}, false
	}
	resource, fresh := r.Cache.article(name)
	if !fresh {
		return published.Article{}, false
	}
	site, fresh := r.Cache.site(published.SiteName(name.Site))
	if site.Resource == nil || !fresh {
		return published.Article{}, false
	}
	site.PublicURI = r.PublicURI
	return published.Article{Site: site, Resource: resource}, true
}

// Newest returns the articles of the site in a language, newest first, at most
// limit, which is at most 200. They come without their body.
func (r Reader) Newest(ctx context.Context, site published.Site, language string, limit int) ([]published.Article, error) {
	calls, cancel := r.anonymous(ctx)
	defer cancel()
	name := site.Resource.GetName()
	found, err := r.Client.ListArticles(calls, &articlev1.ListArticlesRequest{
		Parent:   name,
		PageSize: int32(min(limit, 200)), //nolint:gosec // G115: at most 200
		Filter:   "language_code = " + strconv.Quote(language),
		View:     articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
	})
	if err != nil {
		return nil, failure(ctx, err, name)
	}
	articles := make([]published.Article, 0, len(found.GetArticles()))
	for _, resource := range found.GetArticles() {
		articles = append(articles, published.Article{Site: site, Resource: resource})
	}
	return slices.Clip(articles[:min(limit, len(articles))]), nil
}

// site reads a site, or takes the one that is known when it is true now or the
// article service is away.
func (r Reader) site(ctx context.Context, name string) (published.Site, error) {
	var known published.Site
	if r.Cache != nil {
		var fresh bool
		known, fresh = r.Cache.site(name)
		known.PublicURI = r.PublicURI
		if known.Resource != nil && fresh {
			return known, nil
		}
	}
	// One that was made a moment ago is not known yet.
	resource, err := r.Client.GetSite(ctx, &articlev1.GetSiteRequest{Name: name})
	if err != nil && known.Resource != nil && away(err) {
		return known, nil
	}
	return published.Site{Resource: resource, PublicURI: r.PublicURI}, err
}

// anonymous returns a context for the calls of one read. Of the caller's
// metadata it carries the request id only, so that logs can be read together.
func (r Reader) anonymous(ctx context.Context) (context.Context, context.CancelFunc) {
	if id := rpc.RequestID(ctx); id != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, rpc.HeaderRequestID, id)
	}
	return context.WithTimeout(ctx, r.Timeout)
}
