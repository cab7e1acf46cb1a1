package usage

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/history"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// The article service thins the revisions of an edit session a week after its
// last save and tells nobody; so those of an article are asked for checkAfter
// after a save. The due ones are looked for every checkEvery, checkAtOnce at a
// time.
const (
	checkAfter  = 8 * 24 * time.Hour
	checkEvery  = time.Minute
	checkAtOnce = 100
)

// revisionPage is the largest page of ListArticleRevisions.
const revisionPage = 200

// learn brings the table up to what an article now is: nil when it is gone.
func (s *session) learn(ctx context.Context, name string, a *articlev1.Article, token string) error {
	f := store.Following{Holder: s.holder, Token: token}
	if a == nil {
		return s.Table.SetHistory(ctx, f, name, nil, time.Now())
	}
	h, err := s.Table.History(ctx, name)
	if err != nil {
		return err
	}
	// Another article under the name, or the same from an older copy of the
	// article service's store: nothing known of it holds.
	if h.Article.GetUid() != a.GetUid() || h.Article.GetRevision() > a.GetRevision() {
		h = history.New(a.GetUid())
	}
	if h.Article.GetRevision() < a.GetRevision() {
		if err := s.catchUp(ctx, h, a); err != nil {
			return err
		}
		h.Save(a.GetRevision(), history.Places(a))
		if h.Article.GetCheckTime() == nil && a.GetRevision() > 1 {
			h.Article.CheckTime, h.Article.CheckRevision = timestamppb.New(time.Now().Add(checkAfter)), a.GetRevision()
		}
	}
	h.Article.Title = a.GetTitle()
	h.Show(a.GetPublishedRevision())
	return s.Table.SetHistory(ctx, f, name, h, time.Now())
}

// catchUp adds the kept revisions between the newest known one and that of a.
func (s *session) catchUp(ctx context.Context, h *history.History, a *articlev1.Article) error {
	if h.Article.GetRevision()+1 == a.GetRevision() {
		return nil
	}
	numbers, err := s.kept(ctx, a.GetName(), h.Article.GetRevision())
	if err != nil {
		return err
	}
	for _, number := range numbers {
		if number >= a.GetRevision() {
			break // the feed has it, or will tell of it
		}
		revision, err := s.Articles.GetArticleRevision(ctx, &articlev1.GetArticleRevisionRequest{
			Name: fmt.Sprintf("%s/revisions/%d", a.GetName(), number),
		})
		switch {
		case err == nil:
		case fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
			continue // thinned since
		case fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_STORE_DAMAGED):
			s.Log.Error("a revision cannot be read, so the photos it uses are not known",
				slog.String("article", a.GetName()), slog.Int64("revision", number), slog.Any("error", err))
			continue
		default:
			return fmt.Errorf("read revision %d: %w", number, rpc.FromStatus(err))
		}
		h.Save(number, history.Places(revision.GetArticle()))
	}
	return nil
}

// kept returns the revisions after one that the article service keeps,
// ascending.
func (s *session) kept(ctx context.Context, name string, after int64) ([]int64, error) {
	var numbers []int64
	req := &articlev1.ListArticleRevisionsRequest{Parent: name, PageSize: revisionPage}
	for {
		page, err := s.Articles.ListArticleRevisions(ctx, req)
		switch {
		case err == nil:
		case fault.Has(rpc.FromStatus(err), faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
			return nil, nil // the feed will tell
		default:
			return nil, fmt.Errorf("list revisions: %w", rpc.FromStatus(err))
		}
		for _, revision := range page.GetArticleRevisions() {
			if revision.GetRevision() <= after {
				slices.Reverse(numbers)
				return numbers, nil
			}
			numbers = append(numbers, revision.GetRevision())
		}
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			slices.Reverse(numbers)
			return numbers, nil
		}
	}
}

// check asks which revisions are kept of the articles that are due.
func (s *session) check(ctx context.Context) error {
	now := time.Now()
	due, err := s.Table.DueChecks(ctx, now, checkAtOnce)
	if err != nil {
		return fmt.Errorf("read what is to be checked: %w", err)
	}
	for _, name := range due {
		h, err := s.Table.History(ctx, name)
		if err != nil {
			return err
		}
		numbers, err := s.kept(ctx, name, 0)
		if err != nil {
			return err
		}
		// What the feed did not tell of yet is added when it does.
		newest := h.Article.GetRevision()
		numbers = slices.DeleteFunc(numbers, func(number int64) bool { return number > newest })
		if h.Article.GetRevision() > h.Article.GetCheckRevision() { // saved since, so more may go
			h.Article.CheckTime, h.Article.CheckRevision = timestamppb.New(now.Add(checkAfter)), h.Article.GetRevision()
		} else {
			h.Article.CheckTime = nil
		}
		if len(numbers) > 0 {
			h.Keep(numbers)
			h.Show(h.Article.GetPublishedRevision())
		}
		if err := s.Table.SetHistory(ctx, store.Following{Holder: s.holder}, name, h, now); err != nil {
			return fmt.Errorf("keep what is left of %s: %w", name, err)
		}
	}
	return nil
}
