package follow

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

const (
	// fewArticles is how many articles may be missing in any snapshot but an empty
	// one.
	fewArticles = 20
	// doubtEvery is how long to wait for another snapshot after a doubtful one.
	doubtEvery = time.Minute
)

var (
	// errDoubtful says that a snapshot lacks most of what is known. That hardly
	// ever means that it was withdrawn while nobody followed, and nearly always
	// that the article service runs with another store, or an empty one.
	errDoubtful = errors.New("the article service lacks most of the articles that are known here")
	// errNoSites says the same of sites.
	errNoSites = errors.New("the article service lists no site, and there were some")
)

// doubt fails with errDoubtful when the snapshot that was read is empty or lacks
// more than half of what is known, until snapshots have said so for Hold. Deliveries that
// tell of withdrawals cannot be called back.
func (s *session) doubt(ctx context.Context) error {
	known, missing := 0, 0
	err := s.Rows.EachArticle(ctx, func(name published.Name) error {
		known++
		if _, there := s.snapshot[digest(name)]; !there {
			missing++
		}
		return nil
	})
	if err != nil {
		return err
	}
	empty := len(s.snapshot) == 0 && known > 0
	if !empty && (missing <= fewArticles || 2*missing <= known) {
		s.doubted = time.Time{}
		return nil
	}
	if s.doubted.IsZero() {
		s.doubted = time.Now()
	}
	left := s.Hold - time.Since(s.doubted)
	if left <= 0 {
		s.Log.Warn("most articles are withdrawn, since the article service has lacked them for long enough",
			slog.Int("known", known), slog.Int("missing", missing))
		s.doubted = time.Time{}
		return nil
	}
	s.Log.Error("the article service lacks most of the articles that are known here; check that it runs with the right store. "+
		"None is withdrawn as long as this may be a mistake; SKAITYKLA_SHARING_WITHDRAWAL_HOLD=0s says that it is none",
		slog.Int("known", known), slog.Int("missing", missing), slog.Duration("left", left.Round(time.Second)))
	return errDoubtful
}

// rest waits before the feed is read again and reports whether the context still
// goes on. After a doubtful snapshot it takes longer, and the follower says that
// it lives.
func (f *Follower) rest(ctx context.Context, holder string, wait time.Duration, cause error) bool {
	if !errors.Is(cause, errDoubtful) {
		return pause.For(ctx, wait)
	}
	for range doubtEvery / aliveEvery {
		if !pause.For(ctx, aliveEvery) {
			return false
		}
		if err := f.Rows.Alive(ctx, store.Following{Holder: holder}, time.Now()); err != nil {
			return ctx.Err() == nil // the next reading says what is wrong
		}
	}
	return true
}

// believable fails with errNoSites when no site is listed although some were
// known: then the article service has another store, for a suite is not emptied
// of its last site from one moment to the next.
func (f *Follower) believable(ctx context.Context, sites []*articlev1.Site) error {
	if len(sites) > 0 {
		return nil
	}
	known, err := f.Rows.Sites(ctx)
	if err == nil && len(known) > 0 {
		err = errNoSites
	}
	return err
}
