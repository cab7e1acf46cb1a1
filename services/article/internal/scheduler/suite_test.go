package scheduler_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/check"
	"github.com/skaitykla/skaitykla/services/article/internal/photos"
	"github.com/skaitykla/skaitykla/services/article/internal/projection"
	"github.com/skaitykla/skaitykla/services/article/internal/scheduler"
	"github.com/skaitykla/skaitykla/services/article/internal/server"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

const site = "sites/biblioteka"

// suite is a store in a file, and an instance of the service over it.
type suite struct {
	t    testing.TB
	file string
	db   kv.Store
	*instance
}

// instance is what one process has of its own.
type instance struct {
	store     *store.Store
	server    *server.Server
	scheduler *scheduler.Scheduler
}

func newSuite(tb testing.TB) *suite {
	tb.Helper()
	s := &suite{t: tb, file: filepath.Join(tb.TempDir(), "article.db")}
	s.open()
	_, err := s.server.CreateSite(s.ctx(), &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: &articlev1.Site{
		Title: "Biblioteka", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt"}, TimeZone: "Europe/Vilnius",
	}})
	s.must(err)
	tb.Cleanup(s.close)
	return s
}

func (s *suite) open() {
	s.t.Helper()
	db, err := boltkv.Open(s.file, kv.Options{Format: store.Format()})
	s.must(err)
	s.db = db
	s.instance = s.another(nil)
}

func (s *suite) close() {
	s.t.Helper()
	s.must(s.db.Close())
}

// another returns another instance over the same store. Its publisher is the
// server unless change makes another one.
func (s *suite) another(change func(scheduler.Publisher) scheduler.Publisher) *instance {
	s.t.Helper()
	checker, err := check.New()
	s.must(err)
	one := &instance{store: store.New(s.db)}
	one.server = server.New(server.Parts{
		Store: one.store, Photos: photos.New(nil), Check: checker.Article, Summarize: checker.Summary, Project: projection.Build, Resolve: projection.Resolve,
		PhotoEpoch: func() uint64 { return 0 }, Uses: func(article.Name, []string, uint64) {}, Log: testkit.Log(s.t),
	})
	publisher := scheduler.Publisher(one.server)
	if change != nil {
		publisher = change(publisher)
	}
	one.scheduler = scheduler.New(scheduler.Parts{Store: one.store, Publisher: publisher, Log: testkit.Log(s.t)})
	return one
}

// ctx is that of a call of an operator.
func (s *suite) ctx() context.Context {
	return auth.WithPrincipal(s.t.Context(), testkit.PrincipalOf(auth.Operator))
}

func (s *suite) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// article makes a draft.
func (s *suite) article(id string) *articlev1.Article {
	s.t.Helper()
	a, err := s.server.CreateArticle(s.ctx(), &articlev1.CreateArticleRequest{Parent: site, ArticleId: id, Article: &articlev1.Article{Title: "Naujiena " + id}})
	s.must(err)
	return a
}

// at makes an article and a schedule that publishes it.
func (s *suite) at(id string, fire time.Time) *articlev1.Schedule {
	s.t.Helper()
	return s.schedule(s.article(id), &articlev1.Schedule{
		Action: articlev1.Schedule_ACTION_PUBLISH, Revision: 1, FireTime: timestamppb.New(fire),
	})
}

func (s *suite) schedule(a *articlev1.Article, one *articlev1.Schedule) *articlev1.Schedule {
	s.t.Helper()
	made, err := s.server.CreateSchedule(s.ctx(), &articlev1.CreateScheduleRequest{Parent: a.GetName(), Schedule: one})
	s.must(err)
	return made
}

func (s *suite) get(one *articlev1.Schedule) *articlev1.Schedule {
	s.t.Helper()
	got, err := s.server.GetSchedule(s.ctx(), &articlev1.GetScheduleRequest{Name: one.GetName()})
	s.must(err)
	return got
}

// published counts how often each article was shown to readers, by the change
// log.
func (s *suite) published() map[string]int {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	version, err := s.store.Version(ctx)
	s.must(err)
	counts := make(map[string]int)
	for batch, err := range s.store.WatchAll(ctx, 0) {
		s.must(err)
		for _, told := range batch.Told {
			if told.PublicKind == articlev1.WatchArticlesResponse_KIND_PUBLISHED {
				counts[told.Name.ID]++
			}
		}
		if batch.Through >= version {
			break
		}
	}
	return counts
}

// wantOnce asks that each of n articles, called by their numbers, was shown
// once and by one attempt.
func (s *suite) wantOnce(made []*articlev1.Schedule) {
	s.t.Helper()
	counts := s.published()
	for i, one := range made {
		if n := counts[fmt.Sprintf("nr-%d", i)]; n != 1 {
			s.t.Errorf("%s was published %d times", one.GetName(), n)
		}
		if got := s.get(one); got.GetState() != articlev1.Schedule_STATE_DONE || got.GetAttemptCount() != 1 {
			s.t.Errorf("got %v", got)
		}
	}
}
