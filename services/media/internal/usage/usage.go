// Package usage follows the articles that readers can see and keeps, for each
// photo, which of them use it; from that follows which photos are public.
//
// The table is derived: it is rebuilt from a snapshot of the article feed and
// can be lost without harm. While the article service is away the table stays
// as it was.
package usage

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Waits between attempts to follow the feed.
const (
	firstRetry = 500 * time.Millisecond
	maxRetry   = 30 * time.Second
	// tokenEvery is how often the token of a heartbeat is kept.
	tokenEvery = 30 * time.Second
)

// Table is the part of the store that a Follower needs.
type Table interface {
	SetUsages(ctx context.Context, article string, photos []photo.Name, now time.Time) error
	UsingArticles(ctx context.Context) ([]string, error)
	ResumeToken(ctx context.Context) (string, error)
	SetResumeToken(ctx context.Context, token string) error
}

// Follower follows the article feed of all sites.
type Follower struct {
	// Articles is the article service. The public view is enough; no rights
	// are needed.
	Articles articlev1.ArticleServiceClient
	Table    Table
	Log      *slog.Logger
}

// Run follows until the context ends. When the feed breaks off it resumes, at
// once if it was good before, else after longer and longer waits; where it
// cannot resume it takes a snapshot.
func (f *Follower) Run(ctx context.Context) {
	wait := firstRetry
	for {
		good, err := f.follow(ctx)
		if ctx.Err() != nil {
			return
		}
		if good {
			wait = firstRetry
		}
		switch {
		case fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED), fault.Has(err, faultv1.Reason_REASON_INVALID_RESUME_TOKEN):
			f.Log.Info("the article feed is read from a snapshot", slog.Any("because", err))
			if err := f.Table.SetResumeToken(ctx, ""); err != nil {
				f.Log.Error("the place in the article feed cannot be kept", slog.Any("error", err))
			}
		case wait == firstRetry: // not again for each attempt
			f.Log.Warn("the article feed is away; photos keep their publicity until it is back", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = min(2*wait, maxRetry)
	}
}

// follow reads the feed once, to its end, which is an error. good reports
// whether there was anything to read.
func (f *Follower) follow(ctx context.Context) (good bool, err error) {
	token, err := f.Table.ResumeToken(ctx)
	if err != nil {
		return false, fmt.Errorf("read where the feed was left: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := f.Articles.WatchArticles(ctx, &articlev1.WatchArticlesRequest{
		Parent: "sites/-", ResumeToken: token, View: articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
	})
	if err != nil {
		return false, rpc.FromStatus(err)
	}
	s := &session{table: f.Table, snapshot: map[string]bool{}, kept: time.Now()}
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

// session is one reading of the feed.
type session struct {
	table    Table
	snapshot map[string]bool // articles of the snapshot being sent
	kept     time.Time       // when a token was last kept
}

// handle does what one message asks for and keeps its token afterwards.
func (s *session) handle(ctx context.Context, event *articlev1.WatchArticlesResponse) error {
	switch event.GetKind() {
	case articlev1.WatchArticlesResponse_KIND_HEARTBEAT:
		if time.Since(s.kept) < tokenEvery {
			return nil
		}
	case articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END:
		if err := s.forgetOthers(ctx); err != nil {
			return err
		}
	default:
		if event.GetKind() == articlev1.WatchArticlesResponse_KIND_SNAPSHOT {
			s.snapshot[event.GetName()] = true
		}
		if err := s.table.SetUsages(ctx, event.GetName(), PhotosOf(event.GetArticle()), time.Now()); err != nil {
			return fmt.Errorf("keep the photos of %s: %w", event.GetName(), err)
		}
	}
	if event.GetResumeToken() == "" {
		return nil
	}
	s.kept = time.Now()
	if err := s.table.SetResumeToken(ctx, event.GetResumeToken()); err != nil {
		return fmt.Errorf("keep where the feed is: %w", err)
	}
	return nil
}

// forgetOthers removes the usages of articles that a complete snapshot does not
// have.
func (s *session) forgetOthers(ctx context.Context) error {
	articles, err := s.table.UsingArticles(ctx)
	if err != nil {
		return fmt.Errorf("read the usages: %w", err)
	}
	for _, article := range articles {
		if s.snapshot[article] {
			continue
		}
		if err := s.table.SetUsages(ctx, article, nil, time.Now()); err != nil {
			return fmt.Errorf("forget the photos of %s: %w", article, err)
		}
	}
	clear(s.snapshot)
	return nil
}

// PhotosOf returns the photos that an article places, each once; none when
// the article is nil. Names that are none of a photo are left out.
func PhotosOf(a *articlev1.Article) []photo.Name {
	var names []photo.Name
	add := func(placements ...*articlev1.PhotoPlacement) {
		for _, p := range placements {
			name, err := photo.ParseName("photo", p.GetPhoto())
			if err == nil && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	add(a.GetCover())
	for _, block := range a.GetBlocks() {
		add(block.GetFigure().GetPlacement())
		add(block.GetGallery().GetPlacements()...)
	}
	return names
}
