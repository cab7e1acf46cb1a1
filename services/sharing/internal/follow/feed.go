package follow

import (
	"context"
	"errors"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// errSilent says that the feed did not even send heartbeats.
var errSilent = errors.New("the article feed is silent")

// read reads the feed from a token to its end, which is an error, and keeps the
// cache true to it. handle is called with each message in turn; its name is the
// zero one where the message has none that can be read. good reports whether
// there was anything to read.
func (f *Follower) read(ctx context.Context, token string,
	handle func(context.Context, published.Name, *articlev1.WatchArticlesResponse) error,
) (good bool, err error) {
	watching, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	quiet := time.AfterFunc(silence, func() { cancel(errSilent) })
	defer quiet.Stop()
	defer func() {
		if errors.Is(context.Cause(watching), errSilent) {
			err = errSilent
		}
	}()
	stream, err := f.Articles.WatchArticles(watching, &articlev1.WatchArticlesRequest{
		Parent: "sites/-", ResumeToken: token, View: articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
	})
	if err != nil {
		return false, rpc.FromStatus(err)
	}
	// The service sends its header when it has begun to watch.
	if _, err := stream.Header(); err != nil {
		return false, rpc.FromStatus(err)
	}
	f.Cache.Connected()
	defer f.Cache.Lost()
	for ; ; good = true {
		event, err := stream.Recv()
		if err != nil {
			return good, rpc.FromStatus(err)
		}
		quiet.Reset(silence)
		name, err := published.ParseName("name", event.GetName())
		if err == nil {
			f.Cache.Drop(name)
		}
		f.Cache.Heard()
		if err := handle(ctx, name, event); err != nil {
			return good, err
		}
	}
}

// listen keeps the cache of an instance true that does not follow, from where
// the follower stands.
func (f *Follower) listen(ctx context.Context) {
	none := func(context.Context, published.Name, *articlev1.WatchArticlesResponse) error { return nil }
	for ok := true; ok; ok = pause.For(ctx, lookEvery) {
		feed, err := f.Rows.Feed(ctx)
		if err != nil || feed.Token == "" {
			continue // until there is a token the cache does without
		}
		_, _ = f.read(ctx, feed.Token, none) // the follower says why
	}
}
