package permissions_test

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// searchRows is the part of the table about searches.
func searchRows() []row {
	return []row{
		{"SearchArticles", "", nil, "yyyyyyyy", searchArticles(0)},
		{"SearchArticles", "working copies", nil, "tyyyyyyd", searchArticles(working)},
	}
}

// searchArticles waits for the index that a new suite has to make first.
func searchArticles(view articlev1.ArticleView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		for {
			_, err := c.SearchArticles(ctx, &articlev1.SearchArticlesRequest{Parent: library, Query: "stažuotė", View: view})
			if e := rpc.FromStatus(err); e == nil || e.Reason != faultv1.Reason_REASON_INDEX_UNAVAILABLE {
				return err
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}
