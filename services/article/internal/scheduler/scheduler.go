// Package scheduler does what schedules say when their time comes. What that is
// package schedule decides; here are the timer, the sweep and the attempts.
//
// The rows in the store are the truth. A sweep at start, every minute and
// whenever a schedule is made looks for those whose time has come, so it does
// not matter how often the process or its clock stopped. What is done is one
// transaction together with the row that says so: any number of schedulers over
// one store do it once.
//
// Each attempt is by itself: however one article fails, the others go on.
package scheduler

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
)

const (
	// sweepEvery is how often the rows are looked at when nothing else asks for
	// it: timers run on while the clock of the machine jumps.
	sweepEvery = time.Minute
	// breath is the least time between a sweep and one that was asked for, so
	// that many who ask do not keep it busy.
	breath = 100 * time.Millisecond
	// retryAfter is when a sweep that failed is tried again.
	retryAfter = 5 * time.Second
	// sweepPage is how many rows are read at a time.
	sweepPage = 500
	// atOnce is how many attempts run at the same time, so that one that waits
	// for photos does not keep the others.
	atOnce = 16
	// attemptTimeout bounds one attempt.
	attemptTimeout = 30 * time.Second
)

// Store is what the scheduler reads and writes.
type Store interface {
	Due(ctx context.Context, until time.Time, after []byte, limit int) (items []article.ScheduleItem, next time.Time, err error)
	Schedule(ctx context.Context, n article.ScheduleName) (*recordv1.Schedule, error)
	Waiting(ctx context.Context, n article.Name) ([]article.ScheduleItem, error)
	PutSchedule(ctx context.Context, w article.Write, c article.ScheduleWrite) error
	Load(ctx context.Context, n article.Name, revision int64) (article.Loaded, error)
	Version(ctx context.Context) (uint64, error)
	Stirs(ctx context.Context, after uint64) iter.Seq2[article.Stir, error]
}

// Publisher shows articles to readers and takes them away, in one transaction
// with the write of the schedule that asks for it. What was loaded is the
// revision to show. It fails with article.ErrOvertaken when anything changed
// since.
type Publisher interface {
	PublishScheduled(ctx context.Context, w article.Write, l article.Loaded, c article.ScheduleWrite) error
	UnpublishScheduled(ctx context.Context, w article.Write, l article.Loaded, c article.ScheduleWrite) error
}

// Parts are what a scheduler is made of. All are required.
type Parts struct {
	Store     Store
	Publisher Publisher
	Log       *slog.Logger
}

// Scheduler does what schedules say.
type Scheduler struct {
	Parts

	places chan struct{} // taken by attempts
	poked  chan struct{} // holds one when there may be something to do

	mu     sync.Mutex
	trying map[article.ScheduleName]bool
	rests  map[article.ScheduleName]time.Time // until when what could not be written waits
	held   map[article.Name]bool              // articles of which the check holds something back
	photos map[article.ScheduleName][]string  // that an attempt looked at
	mended map[article.ScheduleName]bool      // of which such a photo changed since
}

// New returns a scheduler that does nothing before Run.
func New(p Parts) *Scheduler {
	return &Scheduler{
		Parts: p, places: make(chan struct{}, atOnce), poked: make(chan struct{}, 1),
		trying: make(map[article.ScheduleName]bool), rests: make(map[article.ScheduleName]time.Time),
		held: make(map[article.Name]bool), photos: make(map[article.ScheduleName][]string), mended: make(map[article.ScheduleName]bool),
	}
}

// Run does what is scheduled until ctx ends, and waits for the attempts that
// are under way.
func (s *Scheduler) Run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { s.listen(ctx) })
	s.retime(ctx, now())
	var last time.Time
	next := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.poked:
			if soon := last.Add(breath); soon.Before(next) {
				next = soon
				timer.Reset(time.Until(next))
			}
			continue
		case <-timer.C:
		}
		last = time.Now()
		next = last.Add(sweepEvery)
		at := now()
		if wake := s.sweep(ctx, at, now, &all); !wake.IsZero() && wake.Sub(at) < sweepEvery {
			next = last.Add(wake.Sub(at))
		}
		timer.Reset(time.Until(next))
	}
}

// Sweep tries everything whose time has come at the given time, and waits for
// it.
func (s *Scheduler) Sweep(ctx context.Context, at time.Time) {
	var all sync.WaitGroup
	defer all.Wait()
	s.sweep(ctx, at, func() time.Time { return at }, &all)
}

// sweep begins the attempts that are due, each at the time that clock tells,
// and returns when there is something to do next; zero for never.
func (s *Scheduler) sweep(ctx context.Context, at time.Time, clock func() time.Time, all *sync.WaitGroup) time.Time {
	var wake time.Time
	var held []article.ScheduleName
	for after := []byte(nil); ; {
		items, next, err := s.Store.Due(ctx, at, after, sweepPage)
		if err != nil {
			if ctx.Err() == nil {
				s.Log.ErrorContext(ctx, "looking for schedules failed", slog.Any("error", err))
			}
			return at.Add(retryAfter)
		}
		for _, item := range items {
			if item.Err != nil {
				s.Log.ErrorContext(ctx, "a schedule cannot be read", slog.String("schedule", item.Name.String()), slog.Any("error", item.Err))
			}
		}
		s.mark(items)
		plan := schedule.Step(items, at)
		for _, n := range plan.Try {
			if !s.begin(ctx, n, clock, all) {
				wake = earliest(wake, at.Add(retryAfter))
			}
		}
		held = append(held, plan.Held...)
		wake = earliest(wake, plan.Wake)
		if len(items) < sweepPage {
			s.remember(held)
			return earliest(wake, next)
		}
		after = items[len(items)-1].Position
	}
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// begin tries a schedule beside the others, unless that is under way, and
// reports false when it has to rest.
func (s *Scheduler) begin(ctx context.Context, n article.ScheduleName, clock func() time.Time, all *sync.WaitGroup) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.rests[n]) {
		return false
	}
	delete(s.rests, n)
	if s.trying[n] {
		return true
	}
	s.trying[n] = true
	all.Go(func() {
		select {
		case s.places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		err := s.try(ctx, n, clock())
		<-s.places
		s.end(n, err)
	})
	return true
}

// end lets another sweep find what is left to do of a schedule. What could not
// even be written down is left alone for a while.
func (s *Scheduler) end(n article.ScheduleName, err error) {
	s.mu.Lock()
	delete(s.trying, n)
	if err != nil && !errors.Is(err, article.ErrOvertaken) {
		s.rests[n] = time.Now().Add(retryAfter)
	}
	s.mu.Unlock()
	s.poke()
}

// poke asks for a sweep.
func (s *Scheduler) poke() {
	select {
	case s.poked <- struct{}{}:
	default: // one is asked for
	}
}

// now is the time; the store keeps microseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
