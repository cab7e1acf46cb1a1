package article_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article"
)

// live waits for a heartbeat, which comes only to who has caught up.
func (w *watcher) live() {
	w.t.Helper()
	for {
		m, err := w.stream.Recv()
		if err != nil {
			w.t.Fatal(err)
		}
		w.token = m.GetResumeToken()
		if m.GetKind() == heartbeat {
			return
		}
	}
}

// eventually waits until it is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-time.After(time.Minute):
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

// TestWatchEncodesOnce counts how often events are encoded for fifty watchers.
func TestWatchEncodesOnce(t *testing.T) {
	const writes = 20
	s := newSuite(t)
	var public, inside []*watcher
	for range 25 {
		public = append(public, s.watch(s.anonymous, &articlev1.WatchArticlesRequest{}))
		inside = append(inside, s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working}))
	}
	for _, w := range append(public, inside...) {
		w.live()
	}
	before := s.parts.Hub.Stats()
	for i := range writes {
		s.publish(s.create(fmt.Sprintf("Straipsnis %d", i)))
	}
	for i := range writes {
		title := fmt.Sprintf("Straipsnis %d", i)
		for _, w := range public {
			w.want("PUBLISHED " + title)
		}
		for _, w := range inside {
			w.want("CREATED "+title, "PUBLISHED "+title)
		}
	}
	after := s.parts.Hub.Stats()
	if got, want := after.Shared-before.Shared, uint64(3*writes); got != want || after.Alone != before.Alone {
		t.Errorf("%d events were encoded %d times for all, and %d times for one watcher", want, got, after.Alone-before.Alone)
	}
}

// TestWatchThousand lets 1,000 watchers follow 10 writes a second. None may be
// cut off, and each must hear everything in order.
func TestWatchThousand(t *testing.T) {
	const watchers, writes = 1000, 20
	s := newSuite(t)
	open := make([]*watcher, watchers)
	for i := range open {
		open[i] = s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	}
	for _, w := range open {
		w.live()
	}
	var hearing sync.WaitGroup
	for _, w := range open {
		hearing.Go(func() {
			for next := 0; next < writes; {
				m, err := w.stream.Recv()
				if err != nil {
					t.Errorf("after %d events: %v", next, err)
					return
				}
				if m.GetKind() == heartbeat {
					continue
				}
				if got, want := m.GetArticle().GetTitle(), fmt.Sprintf("Straipsnis %d", next); got != want {
					t.Errorf("got %q, want %q", got, want)
					return
				}
				next++
			}
		})
	}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for i := range writes {
		<-tick.C
		s.publish(s.create(fmt.Sprintf("Straipsnis %d", i)))
	}
	hearing.Wait()
	if stats := s.parts.Hub.Stats(); stats.Watchers != watchers || stats.TooSlow != 0 {
		t.Errorf("got %+v", stats)
	}
}

// TestWatchUnread writes while 100 watchers read nothing, far more than fits
// between them and the service. No write waits, and the service stops without
// waiting for them either.
func TestWatchUnread(t *testing.T) {
	const watchers, writes = 100, 20
	s := newSuite(t)
	for range watchers {
		s.watch(s.anonymous, &articlev1.WatchArticlesRequest{}).want("END")
	}
	reads := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	reads.want("END")
	for i := range writes {
		title := fmt.Sprintf("Straipsnis %d", i)
		s.publish(s.create(title, func(a *articlev1.Article) { fill(a, 20<<10) }))
		reads.want("PUBLISHED " + title)
	}
	if stats := s.parts.Hub.Stats(); stats.Watchers != watchers+1 {
		t.Errorf("got %+v", stats)
	}
	s.stop()
	eventually(t, "nobody watches", func() bool { return s.parts.Hub.Stats().Watchers == 0 })
}

// TestWatchTooSlow reads nothing until it is cut off, and comes back.
func TestWatchTooSlow(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir, func(c *article.Config) { c.WatchPatience = 200 * time.Millisecond })
	s.site("biblioteka")
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("END")
	var want, got []string
	for s.parts.Hub.Stats().TooSlow == 0 {
		if len(want) == 500 {
			t.Fatal("it is never cut off")
		}
		a := s.create(fmt.Sprintf("Straipsnis %d", len(want)), func(a *articlev1.Article) { fill(a, 40<<10) })
		want = append(want, s.publish(a).GetName())
	}
	var err error
	hear := func() bool {
		m, failed := w.stream.Recv()
		if err = failed; err != nil {
			return false
		}
		w.token = m.GetResumeToken()
		if m.GetKind() != heartbeat {
			got = append(got, m.GetName())
		}
		return true
	}
	for hear() {
	}
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_WATCHER_TOO_SLOW)
	if e, ok := fault.Of(rpc.FromStatus(err)); !ok || e.Retry <= 0 {
		t.Errorf("it does not say when to come back: %v", err)
	}
	if len(got) == len(want) {
		t.Fatal("it was cut off after it had heard everything")
	}
	s.stop()
	s = start(t, dir) // with more patience than a busy machine needs
	w = s.watch(s.anonymous, &articlev1.WatchArticlesRequest{ResumeToken: w.token})
	for len(got) < len(want) {
		if !hear() {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestWatchScopes follows two sites together and alone, from both sides of the
// articles.
func TestWatchScopes(t *testing.T) {
	s := newSuite(t)
	s.site("muziejus")
	operator := s.as(auth.Operator)
	all := s.watch(s.as(auth.Service), &articlev1.WatchArticlesRequest{Parent: "sites/-"})
	here := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	there := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{Parent: "sites/muziejus"})
	inside := s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working})
	for _, w := range []*watcher{all, here, there, inside} {
		w.live()
	}
	other, err := operator.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: "sites/muziejus", Article: &articlev1.Article{Title: "Ten"}})
	must(t, other, err)
	other, err = operator.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: other.GetName(), Etag: other.GetEtag()})
	must(t, other, err)
	a := s.publish(s.create("Čia"))
	secret, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Slaptas"})
	must(t, secret, err)
	s.create("Slaptas juodraštis")
	if _, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: secret.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	there.want("PUBLISHED Ten")
	// By the time it is told it may be away again.
	for _, w := range []*watcher{all, here} {
		if w == all {
			w.want("PUBLISHED Ten")
		}
		if got := w.next(); got != "PUBLISHED Čia" && got != "PUBLISHED -" {
			t.Errorf("got %q", got)
		}
		w.want("UNPUBLISHED -")
	}
	for _, want := range []string{"CREATED", "PUBLISHED", "UPDATED", "CREATED", "UNPUBLISHED"} {
		if got := inside.next(); len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("got %q, want %s", got, want)
		}
	}
}
