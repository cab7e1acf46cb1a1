package sharing

import (
	"context"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// forgetRequestsEvery is how often answered requests are looked through for those
// that expired, and forgetRequestsAtOnce how many of them one step removes.
const (
	forgetRequestsEvery  = 10 * time.Minute
	forgetRequestsAtOnce = 20
)

// forgetRequests removes what is remembered of answered requests when its time
// is over, until ctx ends. What fails is tried again.
func forgetRequests(ctx context.Context, kept *store.Store, log *slog.Logger) {
	tick := time.NewTicker(forgetRequestsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for {
			n, err := kept.ForgetRequests(ctx, time.Now(), forgetRequestsAtOnce)
			if err != nil && ctx.Err() == nil {
				log.Warn("answered requests cannot be forgotten; this is tried again", slog.Any("error", err))
			}
			if err != nil || n < forgetRequestsAtOnce {
				break
			}
		}
	}
}
