package permissions_test

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// searchRows is the part of the table about searches.
func searchRows() []row {
	return []row{
		{"SearchArticles", "", nil, "yyyyyyyy", searchArticles(0)},
		{"SearchArticles", "working copies", nil, "tyyyyyyd", searchArticles(working)},
		{"SearchPhotos", "", nil, "yyyyyyyy", searchPhotos(0)},
		{"SearchPhotos", "working copies", nil, "tyyyyyyd", searchPhotos(mediav1.PhotoView_PHOTO_VIEW_WORKING)},
	}
}

func searchArticles(view articlev1.ArticleView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return indexed(func(ctx context.Context, c caller) error {
		_, err := c.SearchArticles(ctx, &articlev1.SearchArticlesRequest{Parent: library, Query: "stažuotė", View: view})
		return err
	})
}

func searchPhotos(view mediav1.PhotoView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return indexed(func(ctx context.Context, c caller) error {
		_, err := c.media.SearchPhotos(ctx, &mediav1.SearchPhotosRequest{Parent: library, Query: "lempa", View: view})
		return err
	})
}

// indexed waits for the index that a new suite has to make first.
func indexed(search func(context.Context, caller) error) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		for {
			err := search(ctx, c)
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
