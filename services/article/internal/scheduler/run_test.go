package scheduler_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
	"github.com/skaitykla/skaitykla/services/article/internal/scheduler"
)

// unfit finds something in every article.
type unfit struct{ scheduler.Publisher }

func (unfit) PublishScheduled(context.Context, article.Write, article.Loaded, article.ScheduleWrite) error {
	return fault.New(faultv1.Reason_REASON_CHECK_FAILED, "mend it").WithDetail(&articlev1.CheckFailure{
		Findings: []*articlev1.Finding{{Rule: "r", Severity: articlev1.Finding_SEVERITY_ERROR}},
	})
}

// run runs schedulers until the function it returns is called.
func run(schedulers ...*scheduler.Scheduler) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, one := range schedulers {
		all.Go(func() { one.Run(ctx) })
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// TestRun does things at their time, to the moment, whenever they were asked
// for, also through another instance that only shares the store.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSuite(t)
		began := time.Now().UTC()
		second := s.at("antra", began.Add(36*time.Hour))
		stop := run(s.scheduler)
		defer stop()
		first := s.at("pirma", began.Add(5*time.Second)) // after the scheduler began to wait
		// Another process makes one, and one that is due already.
		other := &suite{t: t, file: s.file, db: s.db, instance: s.another(nil)}
		third := other.at("trecia", began.Add(7*time.Second))
		now := other.at("dabar", began.Add(-time.Second))
		after := func(d time.Duration) { // of the beginning
			<-time.After(time.Until(began.Add(d)))
			synctest.Wait()
		}
		after(time.Second)
		if got := s.get(now); got.GetState() != schedule.Done || got.GetLate() {
			t.Errorf("got %v", got)
		}
		after(4 * time.Second)
		if got := s.get(first); got.GetState() != schedule.Pending {
			t.Errorf("got %v", got)
		}
		after(8 * time.Second)
		for _, one := range []*articlev1.Schedule{first, third} {
			if got := s.get(one); got.GetState() != schedule.Done || got.GetLateness().AsDuration() != 0 {
				t.Errorf("got %v", got)
			}
		}
		after(36*time.Hour - time.Second)
		if got := s.get(second); got.GetState() != schedule.Pending {
			t.Errorf("got %v", got)
		}
		after(36*time.Hour + time.Second)
		if got := s.get(second); got.GetState() != schedule.Done || got.GetLateness().AsDuration() != 0 || got.GetAttemptCount() != 1 {
			t.Errorf("got %v", got)
		}
	})
}

// TestRunAfterStop finds at start what came due while nobody ran.
func TestRunAfterStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSuite(t)
		fire := time.Now().UTC().Add(time.Hour)
		var made []*articlev1.Schedule
		for i := range 40 {
			made = append(made, s.at(fmt.Sprintf("nr-%d", i), fire))
		}
		s.close()
		<-time.After(3 * time.Hour)
		s.open()
		stop := run(s.scheduler, s.another(nil).scheduler)
		defer stop()
		<-time.After(time.Second)
		synctest.Wait()
		s.wantOnce(made)
		if got := s.get(made[0]); !got.GetLate() || got.GetLateness().AsDuration() < 2*time.Hour {
			t.Errorf("got %v", got)
		}
	})
}

// TestRunHeld tries what is held again when its article is written, and else
// every ten minutes; what fails otherwise by and by.
func TestRunHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSuite(t)
		one := s.at("pirma", time.Now().UTC().Add(time.Minute))
		held := s.another(func(scheduler.Publisher) scheduler.Publisher { return unfit{} })
		stop := run(held.scheduler)
		defer stop()
		attempts := func(after time.Duration, want int32) {
			t.Helper()
			<-time.After(after)
			synctest.Wait()
			got := s.get(one)
			if got.GetState() != schedule.Held || got.GetAttemptCount() != want || len(got.GetFindings()) != 1 {
				t.Errorf("got %v, want %d attempts", got, want)
			}
		}
		attempts(time.Minute+time.Second, 1)
		attempts(9*time.Minute, 1)
		attempts(time.Minute, 2)
		a, err := s.server.GetArticle(s.ctx(), &articlev1.GetArticleRequest{Name: site + "/articles/pirma", View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
		s.must(err)
		_, err = s.server.UpdateArticle(s.ctx(), &articlev1.UpdateArticleRequest{Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: "Pataisyta"}})
		s.must(err)
		attempts(time.Second, 3)
		attempts(9*time.Minute, 3)
		attempts(2*time.Minute, 4)
	})
}

// TestRunMoves brings schedules to the time that their wall clock has by the
// rules of today.
func TestRunMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSuite(t)
		noon := time.Date(2031, 7, 1, 9, 0, 0, 0, time.UTC)
		right := s.schedule(s.article("teisinga"), &articlev1.Schedule{Action: articlev1.Schedule_ACTION_UNPUBLISH, WallClock: "2031-07-01T12:00"})
		instant := s.schedule(s.article("akimirka"), &articlev1.Schedule{
			// The second 03:30 of that night.
			Action: articlev1.Schedule_ACTION_UNPUBLISH, FireTime: timestamppb.New(time.Date(2031, 10, 26, 1, 30, 0, 0, time.UTC)),
		})
		if instant.GetWallClock() != "2031-10-26T03:30:00" {
			t.Errorf("got %v", instant)
		}
		// As if made by rules that had no summer time.
		n := article.ScheduleName{Article: article.Name{Site: "biblioteka", ID: "teisinga"}, ID: "pasenusi"}
		old := &recordv1.Schedule{Schedule: &articlev1.Schedule{
			State: schedule.Pending, Action: articlev1.Schedule_ACTION_UNPUBLISH,
			WallClock: "2031-07-01T12:00", TimeZone: "Europe/Vilnius", FireTime: timestamppb.New(noon.Add(time.Hour)),
		}}
		s.must(s.store.PutSchedule(t.Context(), article.Write{}, article.ScheduleWrite{Name: n, After: old}))
		stop := run(s.scheduler, s.another(nil).scheduler)
		defer stop()
		<-time.After(time.Second)
		synctest.Wait()
		for _, c := range []struct {
			name string
			want time.Time
		}{{right.GetName(), noon}, {n.String(), noon}, {instant.GetName(), instant.GetFireTime().AsTime()}} {
			if got := s.get(&articlev1.Schedule{Name: c.name}); !got.GetFireTime().AsTime().Equal(c.want) {
				t.Errorf("got %v, want %s", got, c.want)
			}
		}
		if _, next, err := s.store.Due(t.Context(), noon.Add(-time.Second), nil, 9); err != nil || !next.Equal(noon) {
			t.Errorf("the next one is due at %s, %v", next, err)
		}
	})
}

// TestRunFullDisk cannot write what came of an attempt: it tries again now and
// then, not all the time, and goes on when there is room.
func TestRunFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSuite(t)
		one := s.at("pirma", time.Now().UTC().Add(time.Minute))
		full := &fullDisk{Publisher: s.server, Store: s.store}
		full.full.Store(true)
		stop := run(scheduler.New(scheduler.Parts{Store: full, Publisher: full, Log: testkit.Log(t)}))
		defer stop()
		<-time.After(2 * time.Minute)
		synctest.Wait()
		if got := s.get(one); got.GetState() != schedule.Pending || got.GetAttemptCount() != 0 {
			t.Errorf("got %v", got)
		}
		if n := full.tries.Load(); n < 5 || n > 30 {
			t.Errorf("tried %d times in a minute", n)
		}
		full.full.Store(false)
		<-time.After(6 * time.Second)
		synctest.Wait()
		if got := s.get(one); got.GetState() != schedule.Done {
			t.Errorf("got %v", got)
		}
	})
}

// fullDisk writes nothing while it is full.
type fullDisk struct {
	scheduler.Publisher
	scheduler.Store

	full  atomic.Bool
	tries atomic.Int64
}

func (f *fullDisk) PublishScheduled(ctx context.Context, w article.Write, l article.Loaded, c article.ScheduleWrite) error {
	f.tries.Add(1)
	if f.full.Load() {
		return fault.Unavailable(nil, faultv1.Reason_REASON_STORE_UNAVAILABLE, "no room")
	}
	return f.Publisher.PublishScheduled(ctx, w, l, c)
}

func (f *fullDisk) PutSchedule(ctx context.Context, w article.Write, c article.ScheduleWrite) error {
	if f.full.Load() {
		return fault.Unavailable(nil, faultv1.Reason_REASON_STORE_UNAVAILABLE, "no room")
	}
	return f.Store.PutSchedule(ctx, w, c)
}
