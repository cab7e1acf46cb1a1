// Package expiry takes photos from the public when their license or consent
// ends, without anyone doing anything.
//
// The public doors of the service look at the time themselves, so nothing is
// shown for longer however late this is; what it adds is the word to watchers,
// so that articles, caches and people learn of it. Its rows are durable, in the
// same transaction as the record they are about. Each step is one transaction
// that looks at row and record again, so replicas may run it side by side, and
// one photo that fails never stops another.
package expiry

import (
	"context"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

const (
	// sweepEvery is how often rows are looked at even if none is due: another
	// replica may have written them.
	sweepEvery = time.Minute
	// batch is how many rows are looked at in one go.
	batch = 100
)

// Records is the part of the store that a Scheduler needs.
type Records interface {
	Due(ctx context.Context, after store.Due, limit int) ([]store.Due, error)
	Expire(ctx context.Context, due store.Due, now time.Time) (expired bool, err error)
	Affected(ctx context.Context, name photo.Name) ([]string, error)
	Wake() <-chan struct{}
}

// Scheduler makes the rights of photos end in time.
type Scheduler struct {
	Records Records
	Log     *slog.Logger
}

// Run works until the context ends.
func (s *Scheduler) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-s.Records.Wake():
		}
		timer.Reset(s.Step(ctx, time.Now()))
	}
}

// Step ends the rights that have ended by now and returns how long to wait for
// the next: not longer than a minute.
func (s *Scheduler) Step(ctx context.Context, now time.Time) time.Duration {
	var last store.Due
	for {
		due, err := s.Records.Due(ctx, last, batch)
		if err != nil {
			s.complain(ctx, err)
		}
		if len(due) == 0 {
			return sweepEvery
		}
		for _, last = range due {
			if last.Time.After(now) {
				return min(sweepEvery, last.Time.Sub(now))
			}
			if err := s.expire(ctx, last, now); err != nil {
				s.complain(ctx, err, slog.String("photo", last.Name.String()))
			}
		}
	}
}

// expire ends the rights of one photo.
func (s *Scheduler) expire(ctx context.Context, d store.Due, now time.Time) error {
	expired, err := s.Records.Expire(ctx, d, now)
	if err != nil || !expired {
		return err
	}
	articles, err := s.Records.Affected(ctx, d.Name)
	s.Log.Warn("the rights of a photo have ended; the public no longer sees it", slog.String("photo", d.Name.String()),
		slog.Time("expire_time", d.Time), slog.Duration("late", now.Sub(d.Time)), slog.Any("articles", articles))
	return err
}

func (s *Scheduler) complain(ctx context.Context, err error, attrs ...any) {
	if ctx.Err() == nil {
		s.Log.Error("the rights of photos that have ended are not told of yet", append(attrs, slog.Any("error", err))...)
	}
}
