package sharing

import (
	"context"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

const (
	// foldEvery is how often batches of clicks are added to the counts of days.
	// Queries see them before.
	foldEvery = 10 * time.Second
	// forgetEvery is how often counts are looked through for what is kept too long.
	forgetEvery = time.Hour
)

// keepCounts folds clicks and forgets what is kept long enough, until ctx ends.
// What fails is tried again.
func keepCounts(ctx context.Context, kept *store.Store, log *slog.Logger) {
	fold, forget := time.NewTicker(foldEvery), time.NewTicker(forgetEvery)
	defer fold.Stop()
	defer forget.Stop()
	for {
		work, what := kept.Fold, "fold"
		select {
		case <-ctx.Done():
			return
		case <-fold.C:
		case now := <-forget.C:
			what = "forget"
			work = func(ctx context.Context) (bool, error) {
				n, err := kept.ForgetCounts(ctx, now)
				return n > 0, err
			}
		}
		for more := true; more; {
			var err error
			if more, err = work(ctx); err != nil {
				if ctx.Err() == nil {
					log.WarnContext(ctx, "counts of clicks cannot be kept in order; it is tried again", "step", what, "error", err)
				}
				break
			}
		}
	}
}
