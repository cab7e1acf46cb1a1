package permissions_test

import (
	"context"
	"errors"
	"io"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// feedRows is the part of the table about feeds and sitemaps, which are for
// everybody.
func feedRows() []row {
	return []row{
		{"RenderFeed", "", nil, "yyyyyyyy", renderFeed},
		{"RenderSitemap", "", nil, "yyyyyyyy", renderSitemap},
	}
}

func renderFeed(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.sharing.RenderFeed(ctx, &sharingv1.RenderFeedRequest{Site: library})
	return err
}

func renderSitemap(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	stream, err := c.sharing.RenderSitemap(ctx, &sharingv1.RenderSitemapRequest{Site: library})
	for err == nil {
		_, err = stream.Recv()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
