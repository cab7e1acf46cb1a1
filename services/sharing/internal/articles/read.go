package articles

import (
	"context"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/status"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// How many articles are read with one call, and how many calls are made at once
// where one by one is the only way.
const (
	batchSize  = 25
	singleLane = 4
)

// Articles returns published articles of a site with their bodies, in the order
// of the names. Those that are not public any more are left out.
func (r Reader) Articles(ctx context.Context, site published.Site, names []published.Name) ([]published.Article, error) {
	calls, cancel := r.anonymous(ctx)
	defer cancel()
	found := make(map[published.Name]*articlev1.Article, len(names))
	var missing []published.Name
	for _, name := range names {
		if r.Cache != nil {
			if article, fresh := r.Cache.article(name); fresh {
				found[name] = article
				continue
			}
		}
		missing = append(missing, name)
	}
	for len(missing) > 0 {
		batch := missing[:min(batchSize, len(missing))]
		missing = missing[len(batch):]
		if err := r.batch(calls, batch, found); err != nil {
			return nil, failure(ctx, err, site.Resource.GetName())
		}
	}
	articles := make([]published.Article, 0, len(names))
	for _, name := range names {
		if article := found[name]; article != nil {
			articles = append(articles, published.Article{Site: site, Resource: article})
		}
	}
	return articles, nil
}

// batch reads articles with one call and adds them to found; when one of them
// is not public it reads the others one by one.
func (r Reader) batch(ctx context.Context, names []published.Name, found map[published.Name]*articlev1.Article) error {
	request := &articlev1.BatchGetArticlesRequest{
		Parent: published.SiteName(names[0].Site), View: articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
	}
	for _, name := range names {
		request.Names = append(request.Names, name.String())
	}
	epoch := r.Cache.now()
	answer, err := r.Client.BatchGetArticles(ctx, request)
	if notFound(err) {
		return r.oneByOne(ctx, names, found)
	}
	for _, article := range answer.GetArticles() {
		if name, err := published.ParseName("name", article.GetName()); err == nil {
			found[name] = article
			r.Cache.keep(epoch, name, article)
		}
	}
	return err
}

// oneByOne reads articles and adds those that are public to found.
func (r Reader) oneByOne(ctx context.Context, names []published.Name, found map[published.Name]*articlev1.Article) error {
	read := make([]*articlev1.Article, len(names))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(singleLane)
	for i, name := range names {
		group.Go(func() (err error) {
			read[i], err = r.article(ctx, name)
			if notFound(err) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, name := range names {
		if read[i] != nil {
			found[name] = read[i]
		}
	}
	return nil
}

// article reads an article with others who want the same, or takes the one that
// is kept when it is true now or the article service is away.
func (r Reader) article(ctx context.Context, name published.Name) (article *articlev1.Article, err error) {
	if r.Cache == nil {
		return r.get(ctx, name)
	}
	kept, fresh := r.Cache.article(name)
	if fresh {
		return kept, nil
	}
	f, mine := r.Cache.join(name)
	if mine {
		go r.fly(ctx, name, f)
	}
	select {
	case <-f.done:
		article, err = f.article, f.err
	case <-ctx.Done():
		err = status.FromContextError(ctx.Err()).Err()
	}
	if err != nil && kept != nil && away(err) {
		return kept, nil
	}
	return article, err
}

// fly reads an article for all who wait, so it goes on when the first of them
// leaves.
func (r Reader) fly(ctx context.Context, name published.Name, f *flight) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.Timeout)
	defer cancel()
	article, err := r.get(ctx, name)
	r.Cache.land(name, f, article, err)
}

func (r Reader) get(ctx context.Context, name published.Name) (*articlev1.Article, error) {
	return r.Client.GetArticle(ctx, &articlev1.GetArticleRequest{
		Name: name.String(), View: articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
	})
}
