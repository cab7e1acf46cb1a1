package scheduler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

// tries is how often one attempt that was overtaken starts over.
const tries = 8

// try makes one attempt at a schedule and records what came of it. It fails when
// that could not be recorded.
func (s *Scheduler) try(ctx context.Context, n article.ScheduleName, at time.Time) error {
	log := s.Log.With(slog.String("schedule", n.String()))
	err := article.ErrOvertaken
	for i := range tries {
		if err = s.attempt(ctx, n, at, i > 0, log); !errors.Is(err, article.ErrOvertaken) {
			break
		}
	}
	if err != nil && ctx.Err() == nil {
		log.ErrorContext(ctx, "a schedule could not be tried", slog.Any("error", err))
	}
	return err
}

// attempt does the schedule as it is now, or stores why not. It fails with
// article.ErrOvertaken when somebody was faster, so that it can start over and
// may find nothing left to do: overtaken says that this happened.
func (s *Scheduler) attempt(ctx context.Context, n article.ScheduleName, at time.Time, overtaken bool, log *slog.Logger) error {
	before, err := s.Store.Schedule(ctx, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil // called off
	}
	if err != nil {
		return err
	}
	next, waits := schedule.Next(before, at)
	if !waits || at.Before(before.GetSchedule().GetFireTime().AsTime()) || overtaken && next.After(at) {
		return nil
	}
	if outdone, err := s.outdo(ctx, n, at, log); outdone || err != nil {
		return err
	}
	after, version, err := s.act(ctx, n, before, at)
	switch {
	case errors.Is(err, article.ErrOvertaken), ctx.Err() != nil:
		return errors.Join(err, ctx.Err())
	case err == nil && after == nil:
		log.InfoContext(ctx, "did what was scheduled", slog.Duration("late", at.Sub(before.GetSchedule().GetFireTime().AsTime())))
		return nil
	case err != nil:
		after = schedule.Obstruct(before, err, version, at)
	}
	write := article.ScheduleWrite{Name: n, Before: before, After: after}
	if err := s.Store.PutSchedule(ctx, article.Write{}, write); err != nil {
		return err
	}
	tell(ctx, log, after, err)
	return nil
}

// outdo supersedes what the article's schedules outdo among themselves, and
// reports whether that was the one that is tried. Writing it down before
// anything is done makes attempts at the others, also those of other instances,
// start over and find nothing left to do: they cannot come after what was to be
// last.
func (s *Scheduler) outdo(ctx context.Context, n article.ScheduleName, at time.Time, log *slog.Logger) (itself bool, err error) {
	waiting, err := s.Store.Waiting(ctx, n.Article)
	if err != nil {
		return false, err
	}
	for _, item := range schedule.Outdone(waiting, at) {
		after := schedule.Supersede(item.Record, at)
		if err := s.Store.PutSchedule(ctx, article.Write{}, article.ScheduleWrite{Name: item.Name, Before: item.Record, After: after}); err != nil {
			return false, err
		}
		log.InfoContext(ctx, "a later schedule of the article took the place of one", slog.String("superseded", item.Name.String()))
		itself = itself || item.Name == n
	}
	return itself, nil
}

// act does the schedule and returns nil, or the record of one that is not to be
// done; and the version of the article it was tried on.
func (s *Scheduler) act(ctx context.Context, n article.ScheduleName, before *recordv1.Schedule, at time.Time,
) (after *recordv1.Schedule, version int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	one := before.GetSchedule()
	l, err := s.Store.Load(ctx, n.Article, one.GetRevision())
	if err != nil {
		return nil, 0, err
	}
	version = l.State.GetVersion()
	switch schedule.Judge(before, l.State) {
	case schedule.Drop:
		return schedule.Supersede(before, at), version, nil
	case schedule.Refuse:
		return schedule.Fail(before, fault.State(n.Article.String(),
			"%s is deleted; restore it and make a new schedule", n.Article), at), version, nil
	case schedule.Do:
	}
	w := article.Write{
		Principal: one.GetCreator(), Method: "PublishArticle", Time: at, Note: one.GetNote(), ScheduledBy: n.String(),
	}
	c := article.ScheduleWrite{Name: n, Before: before, After: schedule.Finish(before, at)}
	if one.GetAction() == articlev1.Schedule_ACTION_UNPUBLISH {
		w.Method = "UnpublishArticle"
		return nil, version, s.Publisher.UnpublishScheduled(ctx, w, l, c)
	}
	s.looks(n, article.Photos(l.Content()))
	return nil, version, s.Publisher.PublishScheduled(ctx, w, l, c)
}

// tell logs what became of a schedule that was not done.
func tell(ctx context.Context, log *slog.Logger, after *recordv1.Schedule, cause error) {
	one := after.GetSchedule()
	if one.GetState() == schedule.Superseded {
		log.InfoContext(ctx, "there was nothing left to do of a schedule")
		return
	}
	attributes := []any{
		slog.String("state", one.GetState().String()), slog.String("reason", one.GetLastFailure().GetReason()),
		slog.Int("attempt", int(one.GetAttemptCount())), slog.Any("error", cause),
	}
	if next := one.GetNextAttemptTime(); next != nil {
		attributes = append(attributes, slog.Time("next", next.AsTime()))
	}
	log.WarnContext(ctx, "a schedule was not done", attributes...)
}
