package article_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article"
)

const (
	snapshot    = articlev1.WatchArticlesResponse_KIND_SNAPSHOT
	snapshotEnd = articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END
	heartbeat   = articlev1.WatchArticlesResponse_KIND_HEARTBEAT
)

// watcher is one open watch.
type watcher struct {
	t      testing.TB
	stream grpc.ServerStreamingClient[articlev1.WatchArticlesResponse]
	token  string // the last one seen
	stop   context.CancelFunc
}

func (s *suite) watch(client articlev1.ArticleServiceClient, req *articlev1.WatchArticlesRequest) *watcher {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.t.Cleanup(cancel)
	if req.GetParent() == "" {
		req.Parent = testkit.Site
	}
	stream, err := client.WatchArticles(ctx, req)
	return &watcher{t: s.t, stream: must(s.t, stream, err), stop: cancel, token: req.GetResumeToken()}
}

// next returns what is told next, besides heartbeats, as "KIND title".
func (w *watcher) next() string {
	w.t.Helper()
	for {
		m, err := w.stream.Recv()
		if err != nil {
			w.t.Fatal(err)
		}
		if m.GetResumeToken() != "" {
			w.token = m.GetResumeToken()
		}
		if m.GetKind() == heartbeat {
			continue
		}
		if m.GetKind() == snapshotEnd {
			return "END"
		}
		if m.GetName() == "" || m.GetArticle() != nil && m.GetArticle().GetName() != m.GetName() {
			w.t.Errorf("told %v", m)
		}
		title := "-"
		if m.GetArticle() != nil {
			title = m.GetArticle().GetTitle()
		}
		return m.GetKind().String()[len("KIND_"):] + " " + title
	}
}

func (w *watcher) want(lines ...string) {
	w.t.Helper()
	for _, line := range lines {
		if diff := cmp.Diff(line, w.next()); diff != "" {
			w.t.Fatal(diff)
		}
	}
}

func TestWatch(t *testing.T) {
	s := newSuite(t)
	s.create("Juodraštis")
	public := s.create("Vieša")
	s.publish(public)

	anonymous := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	anonymous.want("SNAPSHOT Vieša", "END")
	editor := s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working})
	got := []string{editor.next(), editor.next(), editor.next()}
	if got[2] != "END" || got[0] == got[1] {
		t.Errorf("got the snapshot %v", got)
	}

	a := s.create("Nauja")
	saved, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Naujesnė"})
	must(t, saved, err)
	s.publish(saved)
	// The article is as it is by the time it is told.
	if got := editor.next(); got != "CREATED Nauja" && got != "CREATED Naujesnė" {
		t.Errorf("got %q", got)
	}
	anonymous.want("PUBLISHED Naujesnė")
	moved, err := s.save(saved.GetEtag(), &articlev1.Article{Name: a.GetName(), Slug: "kitur"})
	must(t, moved, err)
	s.publish(moved)
	anonymous.want("MOVED Naujesnė")
	resume := anonymous.token
	if _, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: moved.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: moved.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: public.GetName(), Etag: public.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	// The second article was public when it was deleted, the first was not.
	anonymous.want("UNPUBLISHED -", "DELETED -")
	s.watch(s.anonymous, &articlev1.WatchArticlesRequest{ResumeToken: resume}).want("UNPUBLISHED -", "DELETED -")
}

func TestWatchTokens(t *testing.T) {
	s := newSuite(t)
	s.publish(s.create("Vieša"))
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("SNAPSHOT Vieša", "END")
	for name, req := range map[string]*articlev1.WatchArticlesRequest{
		"nonsense":     {ResumeToken: "abc"},
		"another site": {ResumeToken: w.token, Parent: "sites/-"},
	} {
		_, err := s.watch(s.anonymous, req).stream.Recv()
		t.Log(name)
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_RESUME_TOKEN)
	}
	_, err := s.watch(s.editor, &articlev1.WatchArticlesRequest{ResumeToken: w.token}).stream.Recv()
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_RESUME_TOKEN)
	_, err = s.watch(s.anonymous, &articlev1.WatchArticlesRequest{View: working}).stream.Recv()
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
	_, err = s.watch(s.editor, &articlev1.WatchArticlesRequest{Parent: "sites/nobody", View: working}).stream.Recv()
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
}

// TestWatchExpired comes back after the log was trimmed.
func TestWatchExpired(t *testing.T) {
	s := startOn(t, filepath.Join(t.TempDir(), "article.db"), kv.LogLimits{Entries: 5}, newMedia())
	s.site("biblioteka")
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("END")
	w.stop()
	for i := range 30 {
		s.publish(s.create(fmt.Sprintf("Straipsnis %d", i)))
	}
	_, err := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{ResumeToken: w.token}).stream.Recv()
	testkit.WantFault(t, err, codes.OutOfRange, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED)
}

func TestWatchLimits(t *testing.T) {
	s := newSuite(t, func(c *article.Config) { c.MaxWatchersPerAddress = 3 })
	var open []*watcher
	for range 3 {
		w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
		w.want("END")
		open = append(open, w)
	}
	_, err := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{}).stream.Recv()
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_WATCHERS)
	s.watch(s.editor, &articlev1.WatchArticlesRequest{}).want("END") // people with a token are not counted
	open[0].stop()
	for {
		if m, err := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{}).stream.Recv(); err == nil {
			if m.GetKind() != snapshotEnd {
				t.Errorf("got %v", m)
			}
			return
		}
		if t.Context().Err() != nil {
			t.Fatal("a place that was left stays taken")
		}
	}
}

// TestWatchHeaders answers before there is anything to tell.
func TestWatchHeaders(t *testing.T) {
	s := newSuite(t)
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("END")
	quiet := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{ResumeToken: w.token})
	header, err := quiet.stream.Header()
	if must(t, header, err); len(header) == 0 {
		t.Error("there is no header")
	}
	for range 2 { // and then it hears that the line is open
		m, err := quiet.stream.Recv()
		if must(t, m, err); m.GetKind() != heartbeat || m.GetResumeToken() == "" {
			t.Errorf("got %v", m)
		}
	}
}

// TestWatchMany lets 50 watchers, one of whom never reads, follow 100 writes
// over a restart of the service. All must hear everything, in order for each
// article, and the writers must not wait.
func TestWatchMany(t *testing.T) {
	const watchers, articles, rounds = 50, 10, 5
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	s.watch(s.editor, &articlev1.WatchArticlesRequest{}) // reads nothing
	heard := make([]*watcher, watchers)
	for i := range heard {
		heard[i] = s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
		heard[i].want("END")
	}
	write := func(s *suite, round int, made []*articlev1.Article) {
		var all sync.WaitGroup
		for i := range articles {
			all.Go(func() {
				if made[i] == nil {
					made[i] = s.create(fmt.Sprintf("Straipsnis %d.0", i))
				}
				for r := range rounds {
					next, err := s.save(made[i].GetEtag(), &articlev1.Article{Name: made[i].GetName(), Title: fmt.Sprintf("Straipsnis %d.%d", i, round*rounds+r+1)})
					if err != nil {
						t.Error(err)
						return
					}
					made[i] = s.publish(next)
				}
			})
		}
		all.Wait()
	}
	made := make([]*articlev1.Article, articles)
	write(s, 0, made)
	followAll(t, heard, articles*rounds)
	tokens := make([]string, watchers)
	for i, w := range heard {
		tokens[i] = w.token
		w.stop()
	}
	s.stop()

	s = start(t, dir)
	write(s, 1, made)
	for i := range heard {
		heard[i] = s.watch(s.anonymous, &articlev1.WatchArticlesRequest{ResumeToken: tokens[i]})
	}
	followAll(t, heard, articles*rounds)
}

// followAll lets every watcher hear n changes and checks that revisions of an
// article never go back.
func followAll(t *testing.T, watchers []*watcher, n int) {
	t.Helper()
	var all sync.WaitGroup
	for i, w := range watchers {
		all.Go(func() {
			last := make(map[string]int64)
			for heard := 0; heard < n; {
				m, err := w.stream.Recv()
				if err != nil {
					t.Errorf("watcher %d after %d changes: %v", i, heard, err)
					return
				}
				w.token = m.GetResumeToken()
				if m.GetKind() == heartbeat {
					continue
				}
				if m.GetArticle().GetRevision() < last[m.GetName()] {
					t.Errorf("watcher %d: %s went back to revision %d", i, m.GetName(), m.GetArticle().GetRevision())
				}
				last[m.GetName()] = m.GetArticle().GetRevision()
				heard++
			}
		})
	}
	all.Wait()
}

// TestWatchStops sends watchers away when the service stops.
func TestWatchStops(t *testing.T) {
	s := newSuite(t)
	w := s.watch(s.as(auth.Service), &articlev1.WatchArticlesRequest{Parent: "sites/-"})
	w.want("END")
	began := time.Now()
	s.stop()
	for {
		if _, err := w.stream.Recv(); err != nil {
			testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
			break
		}
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}
