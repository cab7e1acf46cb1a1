// Package usage follows the working copies of all articles and keeps, for each
// photo, which articles use it, in which of their kept revisions, and where;
// from that follows which photos are public.
//
// The table is derived: it is rebuilt from a snapshot of the article feed and
// can be lost without harm. While the article service is away the table stays
// as it was. Of several instances over one store one follows; the others wait
// until it has left or died.
package usage

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/pause"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/history"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// Waits of a follower.
const (
	firstRetry = 500 * time.Millisecond
	maxRetry   = 30 * time.Second
	// tokenEvery is how often the token of a heartbeat is kept, which also says
	// that the follower lives; deadAfter is after what silence another one takes
	// over, and lookEvery how often it looks.
	tokenEvery = 15 * time.Second
	deadAfter  = 45 * time.Second
	lookEvery  = 5 * time.Second
)

// Table is the part of the store that a Follower needs.
type Table interface {
	Follow(ctx context.Context, holder string, now time.Time) error
	ResumeToken(ctx context.Context, holder string) (string, error)
	Followed(ctx context.Context) (holder string, last time.Time, err error)
	Leave(ctx context.Context, holder string, now time.Time) error
	SetResumeToken(ctx context.Context, f store.Following, now time.Time) error
	History(ctx context.Context, article string) (*history.History, error)
	SetHistory(ctx context.Context, f store.Following, article string, h *history.History, now time.Time) error
	UsingArticles(ctx context.Context) ([]string, error)
	DueChecks(ctx context.Context, now time.Time, limit int) ([]string, error)
}

// Follower follows the article feed of all sites. Its fields are set before
// Run.
type Follower struct {
	// Articles is the article service, asked as one who may read working copies.
	Articles articlev1.ArticleServiceClient
	Table    Table
	Log      *slog.Logger
}

// Run follows until the context ends. When the feed breaks off it resumes, at
// once if it was good before, else after longer and longer waits; where it
// cannot resume it takes a snapshot.
func (f *Follower) Run(ctx context.Context) {
	holder := rand.Text()
	for ctx.Err() == nil {
		err := f.lead(ctx, holder)
		if errors.Is(err, store.ErrSuperseded) {
			f.Log.Info("another instance follows the article feed; this one waits")
			f.standBy(ctx)
		}
	}
	// Also when the service is stopping, the next one should not have to wait.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := f.Table.Leave(ctx, holder, time.Now()); err != nil && !errors.Is(err, store.ErrSuperseded) {
		f.Log.Debug("the article feed was not left", slog.Any("error", err))
	}
}

// lead takes over and follows until the context ends or another one takes
// over; then it fails with ErrSuperseded.
func (f *Follower) lead(ctx context.Context, holder string) error {
	led := false
	for wait := firstRetry; ; wait = min(2*wait, maxRetry) {
		var err error
		if !led {
			err = f.Table.Follow(ctx, holder, time.Now())
			led = err == nil
		}
		good := false
		if err == nil {
			good, err = f.follow(ctx, holder)
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrSuperseded) {
			return err
		}
		if good {
			wait = firstRetry
		}
		f.explain(err, wait == firstRetry)
		if expired(err) {
			if err := f.Table.SetResumeToken(ctx, store.Following{Holder: holder}, time.Now()); err != nil {
				f.Log.Error("the place in the article feed cannot be kept", slog.Any("error", err))
			}
		}
		if !pause.For(ctx, wait) {
			return ctx.Err()
		}
	}
}

// expired reports whether the feed cannot be resumed from where it was left.
func expired(err error) bool {
	return fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) || fault.Has(err, faultv1.Reason_REASON_INVALID_RESUME_TOKEN)
}

// explain logs why the feed broke off; what is likely to be the same as before
// is logged for the first attempt only.
func (f *Follower) explain(err error, first bool) {
	switch {
	case expired(err):
		f.Log.Info("the article feed is read from a snapshot", slog.Any("because", err))
	case !first:
	case fault.Has(err, faultv1.Reason_REASON_TOKEN_REQUIRED), fault.Has(err, faultv1.Reason_REASON_PERMISSION_DENIED):
		f.Log.Error("the article service does not show working copies to this one, so photos keep their publicity; "+
			"set SKAITYKLA_MEDIA_TOKEN_FILE to the token of a service", slog.Any("error", err))
	default:
		f.Log.Warn("the article feed is away; photos keep their publicity until it is back", slog.Any("error", err))
	}
}

// standBy returns when nobody follows any more, or the context ends.
func (f *Follower) standBy(ctx context.Context) {
	for pause.For(ctx, lookEvery) {
		holder, last, err := f.Table.Followed(ctx)
		if err == nil && (holder == "" || time.Since(last) > deadAfter) {
			return
		}
	}
}
