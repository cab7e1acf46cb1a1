package gateway_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/gateway"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// watch opens a watch and returns its media type and lines.
func (s *suite) watch(ctx context.Context, t *testing.T, headers map[string]string) (string, *bufio.Scanner) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/v1/"+siteName+"/articles:watch", nil)
	must(t, err)
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := client().Do(req)
	must(t, err)
	t.Cleanup(func() { _ = resp.Body.Close() })
	return resp.Header.Get("Content-Type"), bufio.NewScanner(resp.Body)
}

// read returns the next lines up to an empty one.
func read(t *testing.T, lines *bufio.Scanner) []string {
	t.Helper()
	var got []string
	for lines.Scan() {
		if lines.Text() == "" {
			return got
		}
		got = append(got, lines.Text())
	}
	t.Fatalf("the stream ended after %q: %v", got, lines.Err())
	return nil
}

// wait fails the test when nothing comes.
func wait[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

func TestServerSentEvents(t *testing.T) {
	s := newSuite(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	kind, lines := s.watch(ctx, t, map[string]string{"Accept": "text/event-stream", "Last-Event-ID": "token-7", "X-Forwarded-For": "192.0.2.1"})
	if got := wait(t, s.articles.resumed, "the watch"); got != "token-7" {
		t.Errorf("the watch resumes with %q, want the Last-Event-ID", got)
	}
	// Nobody here is trusted to speak for others.
	if got := wait(t, s.articles.watchers, "the watch"); got != "127.0.0.1" {
		t.Errorf("the watch is made for %q, want who called", got)
	}
	if kind != "text/event-stream; charset=utf-8" {
		t.Errorf("Content-Type %q", kind)
	}
	if got := read(t, lines); len(got) != 1 || got[0] != "retry: 2000" {
		t.Errorf("begins with %q", got)
	}
	s.articles.events <- &articlev1.WatchArticlesResponse{
		Kind: articlev1.WatchArticlesResponse_KIND_PUBLISHED, Name: siteName + "/articles/a", ResumeToken: "token-8",
		Article: &articlev1.Article{Title: "Pirma\neilutė"},
	}
	got := read(t, lines)
	if len(got) != 2 || got[0] != "id: token-8" || !strings.HasPrefix(got[1], "data: ") {
		t.Fatalf("event %q", got)
	}
	var m struct {
		Kind    string
		Article struct{ Title string }
	}
	must(t, json.Unmarshal([]byte(strings.TrimPrefix(got[1], "data: ")), &m))
	if m.Kind != "KIND_PUBLISHED" || m.Article.Title != "Pirma\neilutė" {
		t.Errorf("event %+v", m)
	}
	cancel()
	wait(t, s.articles.watchEnd, "the end of the call after the client went away")
}

func TestWatchFault(t *testing.T) {
	s := newSuite(t)
	_, lines := s.watch(t.Context(), t, map[string]string{"Accept": "text/event-stream"})
	read(t, lines)
	close(s.articles.events)
	got := read(t, lines)
	if len(got) != 2 || got[0] != "event: fault" || !strings.Contains(got[1], `"WATCHER_TOO_SLOW"`) {
		t.Errorf("fault %q", got)
	}
	if lines.Scan() {
		t.Errorf("the stream goes on with %q", lines.Text())
	}
}

func TestWatchLines(t *testing.T) {
	s := newSuite(t)
	kind, lines := s.watch(t.Context(), t, nil)
	if kind != "application/x-ndjson" {
		t.Errorf("Content-Type %q", kind)
	}
	for _, kind := range []articlev1.WatchArticlesResponse_Kind{
		articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, articlev1.WatchArticlesResponse_KIND_HEARTBEAT,
	} {
		s.articles.events <- &articlev1.WatchArticlesResponse{Kind: kind, ResumeToken: "t"}
		if !lines.Scan() {
			t.Fatalf("no line: %v", lines.Err())
		}
		var m struct {
			Result struct{ Kind, ResumeToken string }
		}
		must(t, json.Unmarshal(lines.Bytes(), &m))
		if m.Result.Kind != kind.String() || m.Result.ResumeToken != "t" {
			t.Errorf("line %s", lines.Text())
		}
	}
}

// TestShutdown ends a gateway with an open watch: the watch must not hold it up
// for its whole grace time.
func TestShutdown(t *testing.T) {
	const grace = 30 * time.Second // longer than any machine takes to stop
	s := newSuiteWith(t, func(_ *suite, c *gateway.Config) { c.Grace = grace })
	_, lines := s.watch(t.Context(), t, map[string]string{"Accept": "text/event-stream"})
	read(t, lines)
	begin := time.Now()
	s.stop["gateway"]()
	if took := time.Since(begin); took > grace/2 {
		t.Errorf("shutdown took %s", took)
	}
	if lines.Scan() {
		t.Errorf("the stream goes on with %q", lines.Text())
	}
}
