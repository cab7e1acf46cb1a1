package follow

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

const (
	// sitesEvery is how old what is known of a site may be while the article
	// service answers.
	sitesEvery = 5 * time.Second
	// sitesTimeout is how long listing all sites may take.
	sitesTimeout = 10 * time.Second
	sitesPage    = 200
)

// listSites lists the sites again and again until the context ends. While that
// fails sites stay what they were.
func (f *Follower) listSites(ctx context.Context) {
	failing := false
	for ok := true; ok; ok = pause.For(ctx, cmp.Or(f.SitesEvery, sitesEvery)) {
		err := f.learnSites(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			f.Log.Warn("the sites cannot be listed; they stay what they were", slog.Any("error", err))
		}
		failing = err != nil
	}
}

func (f *Follower) learnSites(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sitesTimeout)
	defer cancel()
	var sites []*articlev1.Site
	request := &articlev1.ListSitesRequest{PageSize: sitesPage}
	for {
		page, err := f.Articles.ListSites(ctx, request)
		if err != nil {
			return rpc.FromStatus(err)
		}
		sites = append(sites, page.GetSites()...)
		if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
			break
		}
	}
	if err := f.believable(ctx, sites); err != nil {
		return err
	}
	f.Cache.Sites(sites)
	_, err := f.Rows.LearnSites(ctx, sites, time.Now())
	return err
}
