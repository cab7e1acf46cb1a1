package articles

import (
	"context"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// WorkingReader reads working copies as the caller may see them: with the
// caller's token and no other, so that nobody gets more than they may. It is
// safe for concurrent use.
type WorkingReader struct {
	// Client is a connection that adds no token.
	Client Client
	// PublicURI is the origin for sites that have none, see published.Site.
	PublicURI string
	// Timeout is for one read, all its calls together.
	Timeout time.Duration
}

// Working returns the working copy of the article of the name
// "sites/{site}/articles/{article}" with its site. ctx is that of the caller's
// call. It fails as Reader does, and as the article service refuses the caller.
func (r WorkingReader) Working(ctx context.Context, name string) (published.Article, error) {
	parent, _, ok := strings.Cut(name, "/articles/")
	if !ok {
		return published.Article{}, fault.NotFound(name)
	}
	calls, cancel := context.WithTimeout(rpc.Forward(ctx), r.Timeout)
	defer cancel()
	resource, err := r.Client.GetArticle(calls, &articlev1.GetArticleRequest{
		Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
	})
	if err != nil {
		return published.Article{}, refusal(ctx, err, name)
	}
	site, err := r.Client.GetSite(calls, &articlev1.GetSiteRequest{Name: parent})
	if err != nil {
		return published.Article{}, refusal(ctx, err, parent)
	}
	return published.Article{Site: published.Site{Resource: site, PublicURI: r.PublicURI}, Resource: resource}, nil
}

// refusal is failure for calls with a token, which may be refused.
func refusal(ctx context.Context, err error, name string) error {
	e := rpc.FromStatus(err)
	if e.Kind == fault.KindDenied || e.Kind == fault.KindUnauthenticated {
		return e
	}
	return failure(ctx, err, name)
}
