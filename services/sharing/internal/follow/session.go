package follow

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// snapshotLanes is how many articles of a snapshot are learned at once: so many
// transactions share the cost of making them durable.
const snapshotLanes = 32

// unreadAtOnce is how many articles that were set aside are tried again with a
// heartbeat.
const unreadAtOnce = 20

// session is one reading of the feed by the follower.
type session struct {
	*Follower

	holder   string
	snapshot map[[16]byte]struct{} // digests of the names in the snapshot being sent
	lanes    *errgroup.Group       // learn it
	wrote    time.Time             // when the store was last written to
}

// follow reads the feed once, to its end, which is an error. good reports
// whether there was anything to read.
func (f *Follower) follow(ctx context.Context, holder string) (good bool, err error) {
	feed, err := f.Rows.Feed(ctx)
	if err == nil && feed.Holder != holder {
		err = store.ErrSuperseded
	}
	if err == nil {
		err = f.Rows.Tidy(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("read where the feed was left: %w", err)
	}
	s := &session{Follower: f, holder: holder, snapshot: make(map[[16]byte]struct{}), wrote: time.Now()}
	s.begin()
	good, err = f.read(ctx, feed.Token, s.handle)
	// Also when nobody waits for the end of the snapshot any more, nothing may
	// be learned after the next session has begun.
	return good, errors.Join(err, s.lanes.Wait())
}

// handle does what one message asks for and keeps its token.
func (s *session) handle(ctx context.Context, name published.Name, event *articlev1.WatchArticlesResponse) error {
	now := time.Now()
	token := event.GetResumeToken()
	switch event.GetKind() {
	case articlev1.WatchArticlesResponse_KIND_HEARTBEAT:
		if err := s.retry(ctx); err != nil {
			return err
		}
		return s.alive(ctx, token, now)
	case articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END:
		return s.endSnapshot(ctx, token)
	case articlev1.WatchArticlesResponse_KIND_SNAPSHOT:
		s.snapshot[digest(name)] = struct{}{}
		s.lanes.Go(func() error { return s.learn(ctx, name, event) })
		return s.alive(ctx, "", now) // a long snapshot is a sign of life, too
	default:
	}
	if err := s.learn(ctx, name, event); err != nil {
		return err
	}
	if token != "" {
		s.wrote = now
	}
	return nil
}

// begin makes ready for a snapshot.
func (s *session) begin() {
	clear(s.snapshot)
	s.lanes = &errgroup.Group{}
	s.lanes.SetLimit(snapshotLanes)
}

// learn keeps what an article now is and sets aside what cannot be kept. It
// fails when the feed must be resumed at this article.
func (s *session) learn(ctx context.Context, name published.Name, event *articlev1.WatchArticlesResponse) error {
	f := store.Following{Holder: s.holder, Token: event.GetResumeToken()}
	if name.ID == "" {
		s.Log.Error("the article feed tells of something without a name", slog.String("name", event.GetName()))
		return s.Rows.SetToken(ctx, f, time.Now())
	}
	_, err := s.Rows.Learn(ctx, f, store.Event{Name: name, Article: event.GetArticle()}, time.Now())
	return s.setAside(ctx, f, name, err)
}

// setAside remembers an article that could not be learned. It returns the error
// when it is one that passes, or nothing can be remembered.
func (s *session) setAside(ctx context.Context, f store.Following, name published.Name, cause error) error {
	if cause == nil || passes(ctx, cause) {
		return cause
	}
	s.Log.Error("an article cannot be kept, so its links and feeds stay as they are; it is tried again",
		slog.String("article", name.String()), slog.Any("error", cause))
	if err := s.Rows.SetAside(ctx, f, name, cause, time.Now()); err != nil {
		return fmt.Errorf("set %s aside: %w", name, errors.Join(err, cause))
	}
	return nil
}

// passes reports whether what failed may be all right in a moment, and has
// nothing to do with the article.
func passes(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, store.ErrSuperseded) ||
		fault.Has(err, faultv1.Reason_REASON_STORE_UNAVAILABLE) || fault.Has(err, faultv1.Reason_REASON_WRITE_CONTENTION)
}

// alive writes now and then where the feed is, or without a token that the
// follower lives.
func (s *session) alive(ctx context.Context, token string, now time.Time) error {
	if now.Sub(s.wrote) < aliveEvery {
		return nil
	}
	s.wrote = now
	if token == "" {
		return s.Rows.Alive(ctx, store.Following{Holder: s.holder}, now)
	}
	return s.Rows.SetToken(ctx, store.Following{Holder: s.holder, Token: token}, now)
}

// endSnapshot withdraws what a complete snapshot does not have. It fails with
// errDoubtful when that is to be believed later, if at all.
func (s *session) endSnapshot(ctx context.Context, token string) error {
	if err := s.lanes.Wait(); err != nil {
		return err
	}
	if err := s.doubt(ctx); err != nil {
		return err
	}
	err := s.Rows.EachArticle(ctx, func(name published.Name) error {
		if _, there := s.snapshot[digest(name)]; there {
			return nil
		}
		f := store.Following{Holder: s.holder}
		_, err := s.Rows.Learn(ctx, f, store.Event{Name: name}, time.Now())
		return s.setAside(ctx, f, name, err)
	})
	if err != nil {
		return fmt.Errorf("withdraw what is not published any more: %w", err)
	}
	s.begin()
	s.wrote = time.Now()
	return s.Rows.CompleteSnapshot(ctx, store.Following{Holder: s.holder, Token: token}, s.wrote)
}

// retry asks for the articles that were set aside and are due. While the article
// service does not answer they wait for the next heartbeat.
func (s *session) retry(ctx context.Context) error {
	due, err := s.Rows.Unread(ctx, time.Now(), unreadAtOnce)
	if err != nil {
		return fmt.Errorf("read what was set aside: %w", err)
	}
	for _, name := range due {
		article, err := s.Articles.GetArticle(ctx, &articlev1.GetArticleRequest{
			Name: name.String(), View: articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
		})
		if failure := rpc.FromStatus(err); err != nil && !fault.Has(failure, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			if failure.Kind == fault.KindUnavailable || failure.Kind == fault.KindDeadline {
				return nil
			}
			if err := s.setAside(ctx, store.Following{Holder: s.holder}, name, failure); err != nil {
				return err
			}
			continue
		}
		f := store.Following{Holder: s.holder}
		_, err = s.Rows.Learn(ctx, f, store.Event{Name: name, Article: article}, time.Now())
		if err := s.setAside(ctx, f, name, err); err != nil {
			return err
		}
	}
	return nil
}

// digest stands for a name in the set of a snapshot, which may be long.
func digest(name published.Name) [16]byte {
	sum := sha256.Sum256([]byte(name.String()))
	return [16]byte(sum[:16])
}
