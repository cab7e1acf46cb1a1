package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

// again is how long after a failure the feed is followed again.
const again = time.Second

// listen follows the feed until ctx ends: a new schedule asks for a sweep, also
// when another instance made it, and a write of an article for another attempt
// at what the check holds back of it. What it misses the next sweep finds.
func (s *Scheduler) listen(ctx context.Context) {
	for ctx.Err() == nil {
		version, err := s.Store.Version(ctx)
		if err == nil {
			s.poke() // for what was missed until then
			err = s.follow(ctx, version)
		}
		if ctx.Err() != nil {
			return
		}
		s.Log.WarnContext(ctx, "lost the feed of schedules; trying again", slog.Any("error", err))
		timer := time.NewTimer(again)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

func (s *Scheduler) follow(ctx context.Context, after uint64) error {
	for stir, err := range s.Store.Stirs(ctx, after) {
		if err != nil {
			return err
		}
		if s.heard(stir.Articles) || stir.Schedules {
			s.poke()
		}
	}
	return nil
}

// heard reports whether the check holds a schedule of one of the articles back.
func (s *Scheduler) heard(articles []article.Name) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(articles, func(n article.Name) bool { return s.held[n] })
}

// retime brings the times of all schedules up to the rules of their zones, which
// may have changed since they were made.
func (s *Scheduler) retime(ctx context.Context, at time.Time) {
	const farthest = 9999 // the last year that a time can have
	until := time.Date(farthest, 12, 31, 23, 59, 59, 0, time.UTC)
	for after := []byte(nil); ; {
		items, _, err := s.Store.Due(ctx, until, after, sweepPage)
		if err != nil {
			if ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "looking for schedules failed", slog.Any("error", err))
			}
			return
		}
		for _, item := range items {
			if item.Record != nil {
				s.move(ctx, item, at)
			}
		}
		if len(items) < sweepPage {
			return
		}
		after = slices.Clone(items[len(items)-1].Position)
	}
}

func (s *Scheduler) move(ctx context.Context, item article.ScheduleItem, at time.Time) {
	log := s.Log.With(slog.String("schedule", item.Name.String()))
	fire, moved, err := schedule.Moved(item.Record, article.LoadZone)
	if err != nil {
		log.WarnContext(ctx, "a schedule keeps its time", slog.Any("error", err))
		return
	}
	if !moved {
		return
	}
	before := item.Record.GetSchedule().GetFireTime().AsTime()
	err = s.Store.PutSchedule(ctx, article.Write{}, article.ScheduleWrite{
		Name: item.Name, Before: item.Record, After: schedule.Move(item.Record, fire, at),
	})
	if errors.Is(err, article.ErrOvertaken) {
		return // another instance starts too, or it was called off
	}
	if err != nil {
		log.ErrorContext(ctx, "a schedule could not be moved; it is tried again at the next start", slog.Any("error", err))
		return
	}
	log.InfoContext(ctx, "the rules of the zone changed and moved a schedule", slog.Time("from", before), slog.Time("to", fire))
}
