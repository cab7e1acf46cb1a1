package scheduler_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/scheduler"
)

// shown returns the revision that readers see; 0 for none.
func (s *suite) shown(id string) int64 {
	s.t.Helper()
	state, err := s.store.State(s.t.Context(), article.Name{Site: "biblioteka", ID: id})
	s.must(err)
	return state.GetPublishedRevision()
}

// pair makes schedules of an article for a time and for a minute later.
func (s *suite) pair(a *articlev1.Article, fire time.Time, first, second *articlev1.Schedule) (one, other *articlev1.Schedule) {
	s.t.Helper()
	first.FireTime, second.FireTime = timestamppb.New(fire), timestamppb.New(fire.Add(time.Minute))
	return s.schedule(a, first), s.schedule(a, second)
}

func publishing() *articlev1.Schedule {
	return &articlev1.Schedule{Action: articlev1.Schedule_ACTION_PUBLISH, Revision: 1}
}

func unpublishing() *articlev1.Schedule {
	return &articlev1.Schedule{Action: articlev1.Schedule_ACTION_UNPUBLISH}
}

// TestLastOneCounts lets several instances find, after a pause, two schedules of
// each article whose times have come: what was to be later is so in the end.
func TestLastOneCounts(t *testing.T) {
	const articles = 30
	s := newSuite(t)
	fire := soon()
	for i := range articles {
		s.pair(s.article(fmt.Sprintf("nr-%d", i)), fire, publishing(), unpublishing())
		public := s.article(fmt.Sprintf("viesa-%d", i))
		_, err := s.server.PublishArticle(s.ctx(), &articlev1.PublishArticleRequest{Name: public.GetName(), Etag: public.GetEtag()})
		s.must(err)
		s.pair(public, fire, unpublishing(), publishing())
	}
	var all sync.WaitGroup
	for _, one := range []*instance{s.instance, s.another(nil), s.another(nil)} {
		all.Go(func() { one.scheduler.Sweep(t.Context(), fire.Add(time.Hour)) })
	}
	all.Wait()
	s.scheduler.Sweep(t.Context(), fire.Add(time.Hour+time.Minute))
	for i := range articles {
		if n := s.shown(fmt.Sprintf("nr-%d", i)); n != 0 {
			t.Errorf("nr-%d was to be taken away last and is public", i)
		}
		if n := s.shown(fmt.Sprintf("viesa-%d", i)); n != 1 {
			t.Errorf("viesa-%d was to be published last and is not public", i)
		}
	}
}

// TestHeldIsOutdone holds back what was to be published until it was to be taken
// away again. Mended after that, it stays away.
func TestHeldIsOutdone(t *testing.T) {
	s := newSuite(t)
	fire := soon()
	publish, unpublish := s.pair(s.article("nr-0"), fire, publishing(), unpublishing())
	held := s.another(func(scheduler.Publisher) scheduler.Publisher { return unfit{} })
	held.scheduler.Sweep(t.Context(), fire)
	if got := s.get(publish); got.GetState() != articlev1.Schedule_STATE_HELD {
		t.Fatalf("got %v", got)
	}
	for minute := range 20 {
		s.scheduler.Sweep(t.Context(), fire.Add(time.Duration(1+minute)*time.Minute))
	}
	for _, one := range []*articlev1.Schedule{publish, unpublish} {
		if got := s.get(one); got.GetState() != articlev1.Schedule_STATE_SUPERSEDED {
			t.Errorf("got %v", got)
		}
	}
	if n := s.shown("nr-0"); n != 0 {
		t.Errorf("revision %d is public", n)
	}
}
