package usage_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/usage"
)

const site = "sites/biblioteka"

func TestPhotosOf(t *testing.T) {
	name := func(id string) string { return site + "/photos/" + id }
	a := &articlev1.Article{
		Cover: &articlev1.PhotoPlacement{Photo: name("aaa")},
		Blocks: []*articlev1.Block{
			{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{}}},
			{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{Placement: &articlev1.PhotoPlacement{Photo: name("bbb")}}}},
			{Content: &articlev1.Block_Gallery{Gallery: &articlev1.Gallery{Placements: []*articlev1.PhotoPlacement{
				{Photo: name("aaa")}, {Photo: name("ccc")}, {Photo: "nonsense"},
			}}}},
		},
	}
	var got []string
	for _, n := range usage.PhotosOf(a) {
		got = append(got, n.String())
	}
	if diff := cmp.Diff([]string{name("aaa"), name("bbb"), name("ccc")}, got); diff != "" {
		t.Errorf("photos (-want +got):\n%s", diff)
	}
	if got := usage.PhotosOf(nil); got != nil {
		t.Errorf("an article that is gone uses %v", got)
	}
}

// feed is an article service that sends what a test tells it to. It stands in
// for the real one, which another service may not import; internal/e2e runs
// both.
type feed struct {
	articlev1.UnimplementedArticleServiceServer
	tokens chan string // of each call, as it comes
	play   chan func(func(*articlev1.WatchArticlesResponse)) error
}

// WatchArticles plays one script for each call.
func (f *feed) WatchArticles(req *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	select {
	case f.tokens <- req.GetResumeToken():
	case <-stream.Context().Done():
		return stream.Context().Err()
	}
	select {
	case script := <-f.play:
		return script(func(message *articlev1.WatchArticlesResponse) { _ = stream.Send(message) })
	case <-stream.Context().Done():
		return stream.Context().Err()
	}
}

type rig struct {
	feed  *feed
	store *store.Store
}

// follow starts a follower of a fresh feed.
func follow(t *testing.T) *rig {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	r := &rig{
		feed:  &feed{tokens: make(chan string), play: make(chan func(func(*articlev1.WatchArticlesResponse)) error)},
		store: store.New(records),
	}
	server := testkit.Start(t, func(s grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(s, r.feed) })
	follower := usage.Follower{
		Articles: articlev1.NewArticleServiceClient(server.As(auth.Anonymous)), Table: r.store, Log: testkit.Log(t),
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { follower.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	return r
}

// session waits for the follower to come with the token and plays it the
// script, which ends with err.
func (r *rig) session(t *testing.T, token string, err error, script ...*articlev1.WatchArticlesResponse) {
	t.Helper()
	limit := time.After(30 * time.Second)
	select {
	case got := <-r.feed.tokens:
		if got != token {
			t.Errorf("the follower came with the token %q, want %q", got, token)
		}
	case <-limit:
		t.Fatal("the follower did not come")
	}
	r.feed.play <- func(send func(*articlev1.WatchArticlesResponse)) error {
		for _, message := range script {
			send(message)
		}
		return err
	}
}

func article(id string, photos ...string) *articlev1.Article {
	a := &articlev1.Article{Name: site + "/articles/" + id}
	for _, p := range photos {
		a.Blocks = append(a.Blocks, &articlev1.Block{Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{
			Placement: &articlev1.PhotoPlacement{Photo: site + "/photos/" + p},
		}}})
	}
	return a
}

func event(kind articlev1.WatchArticlesResponse_Kind, a *articlev1.Article, token string) *articlev1.WatchArticlesResponse {
	return &articlev1.WatchArticlesResponse{Kind: kind, Name: a.GetName(), Article: a, ResumeToken: token}
}

func gone(kind articlev1.WatchArticlesResponse_Kind, id, token string) *articlev1.WatchArticlesResponse {
	return &articlev1.WatchArticlesResponse{Kind: kind, Name: site + "/articles/" + id, ResumeToken: token}
}

func TestFollow(t *testing.T) {
	r := follow(t)
	away := fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "away")
	expired := fault.New(faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED, "expired")
	end := func(token string) *articlev1.WatchArticlesResponse {
		return &articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, ResumeToken: token}
	}
	// A snapshot that breaks off is begun again; its part stays.
	r.session(t, "", away, event(articlev1.WatchArticlesResponse_KIND_SNAPSHOT, article("aaa", "one"), ""))
	r.session(t, "", away,
		event(articlev1.WatchArticlesResponse_KIND_SNAPSHOT, article("aaa", "one"), ""),
		event(articlev1.WatchArticlesResponse_KIND_SNAPSHOT, article("bbb", "two", "three"), ""),
		end("t1"),
		event(articlev1.WatchArticlesResponse_KIND_UPDATED, article("bbb", "three"), "t2"),
	)
	r.session(t, "t2", away, gone(articlev1.WatchArticlesResponse_KIND_UNPUBLISHED, "aaa", "t3"),
		event(articlev1.WatchArticlesResponse_KIND_PUBLISHED, article("ccc", "four"), "t4"))
	// Too old a token: a fresh snapshot, in which ccc is missing.
	r.session(t, "t4", expired)
	r.session(t, "", away, event(articlev1.WatchArticlesResponse_KIND_SNAPSHOT, article("bbb", "three"), ""), end("t5"))
	r.session(t, "t5", away)
	articles, err := r.store.UsingArticles(t.Context())
	must(t, err)
	if diff := cmp.Diff([]string{site + "/articles/bbb"}, articles); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}
	public := map[string]bool{}
	for _, id := range []string{"one", "two", "three", "four"} {
		p, err := photo.New(photo.Name{Site: "biblioteka", ID: id}, nil, photo.Facts{}, "ona", time.Now())
		must(t, err)
		p, err = r.store.Create(t.Context(), p, store.Request{}, time.Now())
		must(t, err)
		public[id] = p.GetPublished()
	}
	if diff := cmp.Diff(map[string]bool{"one": false, "two": false, "three": true, "four": false}, public); diff != "" {
		t.Errorf("public (-want +got):\n%s", diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
