package usage

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// session is one reading of the feed.
type session struct {
	*Follower

	holder   string
	snapshot map[string]struct{} // articles of the snapshot being sent
	wrote    time.Time           // when a token was last kept
	checked  time.Time           // when revisions were last checked
}

// follow reads the feed once, to its end, which is an error. good reports
// whether there was anything to read.
func (f *Follower) follow(ctx context.Context, holder string) (good bool, err error) {
	token, err := f.Table.ResumeToken(ctx, holder)
	if err != nil {
		return false, fmt.Errorf("read where the feed was left: %w", err)
	}
	watching, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := f.Articles.WatchArticles(watching, &articlev1.WatchArticlesRequest{
		Parent: "sites/-", ResumeToken: token, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
	})
	if err != nil {
		return false, rpc.FromStatus(err)
	}
	s := &session{Follower: f, holder: holder, snapshot: make(map[string]struct{}), wrote: time.Now()}
	for ; ; good = true {
		event, err := stream.Recv()
		if err != nil {
			return good, rpc.FromStatus(err)
		}
		if err := s.handle(ctx, event); err != nil {
			return good, err
		}
	}
}

// handle does what one message asks for and keeps its token.
func (s *session) handle(ctx context.Context, event *articlev1.WatchArticlesResponse) error {
	switch event.GetKind() {
	case articlev1.WatchArticlesResponse_KIND_HEARTBEAT:
		if time.Since(s.checked) >= checkEvery {
			if err := s.check(ctx); err != nil {
				return err
			}
			s.checked = time.Now()
		}
		if time.Since(s.wrote) < tokenEvery {
			return nil
		}
		return s.keep(ctx, event.GetResumeToken())
	case articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END:
		if err := s.forgetOthers(ctx); err != nil {
			return err
		}
		return s.keep(ctx, event.GetResumeToken())
	case articlev1.WatchArticlesResponse_KIND_SNAPSHOT:
		s.snapshot[event.GetName()] = struct{}{}
		// A long snapshot is a sign of life, too.
		if time.Since(s.wrote) >= tokenEvery {
			if err := s.keep(ctx, ""); err != nil {
				return err
			}
		}
	default:
	}
	err := s.learn(ctx, event.GetName(), event.GetArticle(), event.GetResumeToken())
	if fault.Has(err, faultv1.Reason_REASON_STORE_DAMAGED) {
		// One article that cannot be kept must not hold up all others.
		s.Log.Error("the photos of an article cannot be kept; what was known of them stays",
			slog.String("article", event.GetName()), slog.Any("error", err))
		if event.GetResumeToken() == "" {
			return nil
		}
		return s.keep(ctx, event.GetResumeToken())
	}
	if err != nil {
		return fmt.Errorf("keep the photos of %s: %w", event.GetName(), err)
	}
	if event.GetResumeToken() != "" {
		s.wrote = time.Now()
	}
	return nil
}

// keep writes down where the feed is.
func (s *session) keep(ctx context.Context, token string) error {
	s.wrote = time.Now()
	if err := s.Table.SetResumeToken(ctx, store.Following{Holder: s.holder, Token: token}, s.wrote); err != nil {
		return fmt.Errorf("keep where the feed is: %w", err)
	}
	return nil
}

// forgetOthers removes the usages of articles that a complete snapshot does not
// have.
func (s *session) forgetOthers(ctx context.Context) error {
	articles, err := s.Table.UsingArticles(ctx)
	if err != nil {
		return fmt.Errorf("read the usages: %w", err)
	}
	for _, article := range articles {
		if _, there := s.snapshot[article]; there {
			continue
		}
		if err := s.Table.SetHistory(ctx, store.Following{Holder: s.holder}, article, nil, time.Now()); err != nil {
			return fmt.Errorf("forget the photos of %s: %w", article, err)
		}
	}
	clear(s.snapshot)
	return nil
}
