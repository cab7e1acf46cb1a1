package scheduler_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// BenchmarkDue measures what it takes to publish an article by its schedule, of
// 256 that are due at once, as a ratio to publishing by calls, 16 at a time, in
// the same run.
func BenchmarkDue(b *testing.B) {
	const articles = 256
	s := newSuite(b)
	fire := soon()
	round := 0
	byCall := func() time.Duration {
		var made []*articlev1.Article
		for i := range articles {
			made = append(made, s.article(fmt.Sprintf("call-%d-%d", round, i)))
		}
		began := time.Now()
		var all sync.WaitGroup
		for worker := range 16 {
			all.Go(func() {
				for i := worker; i < articles; i += 16 {
					_, err := s.server.PublishArticle(s.ctx(), &articlev1.PublishArticleRequest{Name: made[i].GetName(), Etag: made[i].GetEtag()})
					if err != nil {
						b.Error(err)
					}
				}
			})
		}
		all.Wait()
		return time.Since(began)
	}
	bySchedule := func() time.Duration {
		for i := range articles {
			s.at(fmt.Sprintf("due-%d-%d", round, i), fire)
		}
		began := time.Now()
		s.scheduler.Sweep(b.Context(), fire)
		return time.Since(began)
	}
	var called, swept time.Duration
	for b.Loop() {
		round++
		called += byCall()
		swept += bySchedule()
	}
	perArticle := time.Duration(round*articles) * time.Nanosecond
	b.ReportMetric(float64(called)/float64(perArticle), "ns/by-call")
	b.ReportMetric(float64(swept)/float64(perArticle), "ns/by-schedule")
	b.ReportMetric(float64(swept)/float64(called), "ratio")
}
