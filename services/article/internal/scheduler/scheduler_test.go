package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/scheduler"
)

// soon is a time that schedules can be made for, in whole seconds.
func soon() time.Time { return time.Now().UTC().Truncate(time.Second).Add(time.Hour) }

// TestTwoInstances lets schedulers of several processes over one store do the
// same schedules at the same time: each is done once.
func TestTwoInstances(t *testing.T) {
	const instances, schedules = 3, 60
	s := newSuite(t)
	fire := soon()
	var made []*articlev1.Schedule
	for i := range schedules {
		made = append(made, s.at(fmt.Sprintf("nr-%d", i), fire))
	}
	var all sync.WaitGroup
	for range instances {
		one := s.another(nil)
		for range 3 {
			all.Go(func() { one.scheduler.Sweep(t.Context(), fire) })
		}
	}
	all.Wait()
	s.wantOnce(made)
}

// TestTwoInstancesHold has them hold one back: it is written down once.
func TestTwoInstancesHold(t *testing.T) {
	s := newSuite(t)
	fire := soon()
	one := s.at("nr-0", fire)
	stops := func(scheduler.Publisher) scheduler.Publisher { return unfit{} }
	var all sync.WaitGroup
	for range 4 {
		other := s.another(stops)
		all.Go(func() { other.scheduler.Sweep(t.Context(), fire) })
	}
	all.Wait()
	got := s.get(one)
	if got.GetState() != articlev1.Schedule_STATE_HELD || got.GetAttemptCount() < 1 || got.GetAttemptCount() > 4 {
		t.Errorf("got %v", got)
	}
	s.scheduler.Sweep(t.Context(), fire.Add(10*time.Minute))
	if got := s.get(one); got.GetState() != articlev1.Schedule_STATE_DONE || s.published()["nr-0"] != 1 {
		t.Errorf("got %v", got)
	}
}

// TestJumpingClock sweeps at times that go back and forth by hours, with the
// store closed and opened in between: nothing is done before its time by the
// clock, nothing twice, and in the end everything.
func TestJumpingClock(t *testing.T) {
	const schedules = 24
	s := newSuite(t)
	chance := rand.New(rand.NewPCG(7, 3))
	base := soon()
	fires := make([]time.Time, schedules)
	made := make([]*articlev1.Schedule, schedules)
	for i := range schedules {
		fires[i] = base.Add(time.Duration(chance.IntN(12*60)) * time.Minute)
		made[i] = s.at(fmt.Sprintf("nr-%d", i), fires[i])
	}
	var latest time.Time // that the clock ever showed
	clock := base.Add(-time.Hour)
	for step := range 40 {
		clock = clock.Add(time.Duration(chance.IntN(9*60)-4*60) * time.Minute) // on the whole forwards
		if clock.After(latest) {
			latest = clock
		}
		s.scheduler.Sweep(t.Context(), clock)
		if step%7 == 3 {
			s.close()
			s.open()
		}
		for i, one := range made {
			if got := s.get(one).GetState() == articlev1.Schedule_STATE_DONE; got != !fires[i].After(latest) {
				t.Fatalf("step %d at %s: %s for %s is done: %v", step, clock, one.GetName(), fires[i], got)
			}
		}
	}
	s.scheduler.Sweep(t.Context(), base.AddDate(0, 0, 1))
	s.wantOnce(made)
}

// TestClockChanges has schedules for times that the clocks of Vilnius skip in
// spring and show twice in autumn.
func TestClockChanges(t *testing.T) {
	s := newSuite(t)
	for _, c := range []struct{ id, wall, fires string }{
		{"pavasaris", "2099-03-29T03:30", "2099-03-29T01:30:00Z"}, // 04:30 by the clock
		{"ruduo", "2099-10-25T03:30", "2099-10-25T00:30:00Z"},     // the first of two
	} {
		fires, err := time.Parse(time.RFC3339, c.fires)
		s.must(err)
		one := s.schedule(s.article(c.id), &articlev1.Schedule{Action: articlev1.Schedule_ACTION_PUBLISH, Revision: 1, WallClock: c.wall})
		s.scheduler.Sweep(t.Context(), fires.Add(-time.Microsecond))
		if got := s.get(one); got.GetState() != articlev1.Schedule_STATE_PENDING || !got.GetFireTime().AsTime().Equal(fires) {
			t.Errorf("%s: got %v", c.wall, got)
		}
		for _, after := range []time.Duration{0, time.Hour, -time.Hour, 24 * time.Hour} { // an hour on the clock shows 03:30 again
			s.scheduler.Sweep(t.Context(), fires.Add(after))
		}
		if got := s.get(one); got.GetState() != articlev1.Schedule_STATE_DONE || got.GetAttemptCount() != 1 || s.published()[c.id] != 1 {
			t.Errorf("%s: got %v", c.wall, got)
		}
	}
}

// TestIsolation has one article that makes the service panic, one whose
// revision cannot be read, one schedule that cannot be read, and others, which
// go on.
func TestIsolation(t *testing.T) {
	s := newSuite(t)
	fire := soon()
	var good []*articlev1.Schedule
	for i := range 5 {
		good = append(good, s.at(fmt.Sprintf("nr-%d", i), fire))
	}
	panics, damaged, unreadable := s.at("panics", fire), s.at("damaged", fire), s.at("unreadable", fire)
	s.spoil("revision/biblioteka/", "damaged/")
	s.spoil("schedule/biblioteka/unreadable/", "")
	one := s.another(func(p scheduler.Publisher) scheduler.Publisher { return panicky{p} })
	one.scheduler.Sweep(t.Context(), fire)
	s.wantOnce(good)
	for _, c := range []struct {
		one    *articlev1.Schedule
		reason string
	}{{panics, "INTERNAL"}, {damaged, "STORE_DAMAGED"}} {
		got := s.get(c.one)
		if got.GetState() != articlev1.Schedule_STATE_PENDING || got.GetLastFailure().GetReason() != c.reason || got.GetNextAttemptTime() == nil {
			t.Errorf("got %v, want %s", got, c.reason)
		}
	}
	if _, err := s.server.GetSchedule(s.ctx(), &articlev1.GetScheduleRequest{Name: unreadable.GetName()}); err == nil {
		t.Error("the schedule is not unreadable, so this tests nothing")
	}
	// Once the cause is gone it is done, too.
	s.scheduler.Sweep(t.Context(), fire.Add(time.Minute))
	if got := s.get(panics); got.GetState() != articlev1.Schedule_STATE_DONE {
		t.Errorf("got %v", got)
	}
}

// spoil overwrites the records whose keys begin and go on so.
func (s *suite) spoil(prefix, part string) {
	s.t.Helper()
	spoiled := 0
	_, err := s.db.Update(s.t.Context(), func(tx kv.Tx) error {
		spoiled = 0
		for e, err := range tx.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			if strings.Contains(string(e.Key), part) {
				spoiled++
				if err := tx.Put(e.Key, []byte("\xff\xff damaged")); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if s.must(err); spoiled != 1 {
		s.t.Fatalf("%d records were spoiled", spoiled)
	}
}

// panicky panics for one article.
type panicky struct{ scheduler.Publisher }

func (p panicky) PublishScheduled(ctx context.Context, w article.Write, l article.Loaded, c article.ScheduleWrite) error {
	if l.Name.ID == "panics" {
		return errors.New(l.Name.ID[len(l.Name.Site):]) // panics: the site's is longer
	}
	return p.Publisher.PublishScheduled(ctx, w, l, c)
}

// TestSlow has one article that waits for its photos very long: the others do
// not.
func TestSlow(t *testing.T) {
	s := newSuite(t)
	fire := soon()
	slow := s.at("slow", fire)
	var good []*articlev1.Schedule
	for i := range 5 {
		good = append(good, s.at(fmt.Sprintf("nr-%d", i), fire.Add(time.Second)))
	}
	waits := &waiting{reached: make(chan struct{}), goOn: make(chan struct{})}
	one := s.another(func(p scheduler.Publisher) scheduler.Publisher { waits.Publisher = p; return waits })
	var all sync.WaitGroup
	all.Go(func() { one.scheduler.Sweep(t.Context(), fire) })
	<-waits.reached
	one.scheduler.Sweep(t.Context(), fire.Add(time.Second))
	s.wantOnce(good)
	close(waits.goOn)
	all.Wait()
	if got := s.get(slow); got.GetState() != articlev1.Schedule_STATE_DONE || got.GetAttemptCount() != 1 {
		t.Errorf("got %v", got)
	}
}

// waiting waits with one article until it may go on.
type waiting struct {
	scheduler.Publisher

	reached, goOn chan struct{}
}

func (w *waiting) PublishScheduled(ctx context.Context, write article.Write, l article.Loaded, c article.ScheduleWrite) error {
	if l.Name.ID == "slow" {
		close(w.reached)
		<-w.goOn
	}
	return w.Publisher.PublishScheduled(ctx, write, l, c)
}

// TestWhileSaving publishes a revision while somebody saves on and on.
func TestWhileSaving(t *testing.T) {
	s := newSuite(t)
	fire := soon()
	var made []*articlev1.Schedule
	var all sync.WaitGroup
	stop := make(chan struct{})
	for i := range 4 {
		id := fmt.Sprintf("nr-%d", i)
		a := s.article(id)
		made = append(made, s.schedule(a, &articlev1.Schedule{Action: articlev1.Schedule_ACTION_PUBLISH, Revision: 1, FireTime: timestamppb.New(fire)}))
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				saved, err := s.server.UpdateArticle(s.ctx(), &articlev1.UpdateArticleRequest{
					Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: fmt.Sprintf("Naujiena %d", n)},
				})
				if err != nil {
					t.Error(err)
					return
				}
				a = saved
			}
		})
	}
	for at := fire; ; at = at.Add(10 * time.Minute) {
		s.scheduler.Sweep(t.Context(), at)
		waits := 0
		for _, one := range made {
			if s.get(one).GetState() != articlev1.Schedule_STATE_DONE {
				waits++
			}
		}
		if waits == 0 {
			break
		}
	}
	close(stop)
	all.Wait()
	for i, one := range made {
		if n := s.published()[fmt.Sprintf("nr-%d", i)]; n != 1 {
			t.Errorf("%s was published %d times", one.GetName(), n)
		}
	}
}
