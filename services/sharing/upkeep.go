package sharing

import (
	"context"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/pause"
)

const (
	// foldEvery is how often batches of clicks are added to the counts of days.
	// Queries see them before.
	foldEvery = 10 * time.Second
	// forgetCountsEvery is how often counts are looked through for what is kept
	// too long.
	forgetCountsEvery = time.Hour
	// forgetRequestsEvery is how often answered requests are looked through for
	// those that expired.
	forgetRequestsEvery = 10 * time.Minute
)

// workers are what works by itself.
func (p *parts) workers(log *slog.Logger) []host.Worker {
	forgetCounts := func(ctx context.Context) (bool, error) {
		n, err := p.store.ForgetCounts(ctx, time.Now())
		return n > 0, err
	}
	forgetRequests := func(ctx context.Context) (bool, error) {
		n, err := p.store.ForgetRequests(ctx, time.Now())
		return n > 0, err
	}
	return []host.Worker{
		p.follower.Run, p.outbox.Run,
		chore(foldEvery, p.store.Fold, log.With("chore", "fold clicks")),
		chore(forgetCountsEvery, forgetCounts, log.With("chore", "forget counts")),
		chore(forgetRequestsEvery, forgetRequests, log.With("chore", "forget requests")),
	}
}

// chore returns a worker that every now and then repeats a step until there is
// no more to do. What fails is tried again the next time.
func chore(every time.Duration, step func(ctx context.Context) (more bool, err error), log *slog.Logger) host.Worker {
	return func(ctx context.Context) {
		pause.Every(ctx, every, func() {
			more, err := step(ctx)
			for more && err == nil {
				more, err = step(ctx)
			}
			if err != nil && ctx.Err() == nil {
				log.WarnContext(ctx, "the store cannot be kept in order; it is tried again", slog.Any("error", err))
			}
		})
	}
}
