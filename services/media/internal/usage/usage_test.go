package usage_test

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/usage"
)

const site = "sites/biblioteka"

// feed is an article service that sends what a test tells it to. It stands in
// for the real one, which another service may not import; internal/e2e runs
// both.
type feed struct {
	articlev1.UnimplementedArticleServiceServer
	tokens chan string // of each call, as it comes
	play   chan func(func(*articlev1.WatchArticlesResponse)) error

	mu        sync.Mutex
	revisions map[string][]*articlev1.Article // kept ones by article, ascending
	read      int                             // calls of GetArticleRevision
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

// ListArticleRevisions lists the revisions that are kept, two at a time.
func (f *feed) ListArticleRevisions(_ context.Context, req *articlev1.ListArticleRevisionsRequest) (*articlev1.ListArticleRevisionsResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := slices.Clone(f.revisions[req.GetParent()])
	slices.Reverse(all)
	from, _ := strconv.Atoi(req.GetPageToken())
	page := &articlev1.ListArticleRevisionsResponse{}
	for _, a := range all[from:min(from+2, len(all))] {
		page.ArticleRevisions = append(page.ArticleRevisions, &articlev1.ArticleRevision{Revision: a.GetRevision()})
	}
	if from+2 < len(all) {
		page.NextPageToken = strconv.Itoa(from + 2)
	}
	return page, nil
}

// GetArticleRevision answers with a revision that is kept.
func (f *feed) GetArticleRevision(_ context.Context, req *articlev1.GetArticleRevisionRequest) (*articlev1.ArticleRevision, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.read++
	parent, number, _ := strings.Cut(req.GetName(), "/revisions/")
	for _, a := range f.revisions[parent] {
		if strconv.FormatInt(a.GetRevision(), 10) == number {
			return &articlev1.ArticleRevision{Article: a}, nil
		}
	}
	return nil, fault.NotFound(req.GetName())
}

// keep says which revisions of an article are kept.
func (f *feed) keep(revisions ...*articlev1.Article) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.revisions[revisions[0].GetName()] = revisions
}

type rig struct {
	feed    *feed
	records kv.Store
	store   *store.Store
	server  *testkit.Server
}

// newRig starts a feed that nobody follows yet.
func newRig(t *testing.T) *rig {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	r := &rig{records: records, store: store.New(records)}
	r.serve(t)
	return r
}

func (r *rig) serve(t *testing.T) {
	t.Helper()
	r.feed = &feed{
		tokens: make(chan string), play: make(chan func(func(*articlev1.WatchArticlesResponse)) error),
		revisions: make(map[string][]*articlev1.Article),
	}
	r.server = testkit.Start(t, func(s grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(s, r.feed) })
}

// follow starts a follower and returns what stops it.
func (r *rig) follow(t *testing.T) (stop func()) {
	t.Helper()
	articles := articlev1.NewArticleServiceClient(r.server.As(auth.Service))
	follower := usage.Follower{Articles: articles, Table: r.store, Log: testkit.Log(t)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { follower.Run(ctx) })
	stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(stop)
	return stop
}

// session waits for the follower to come with the token and plays it the
// script, which ends with err.
func (r *rig) session(t *testing.T, token string, err error, script ...*articlev1.WatchArticlesResponse) {
	t.Helper()
	r.come(t, token)
	r.play(err, script...)
}

// come waits for the follower to come with the token; it has done then what it
// was told before.
func (r *rig) come(t *testing.T, token string) {
	t.Helper()
	limit := time.After(5 * time.Minute)
	select {
	case got := <-r.feed.tokens:
		if got != token {
			t.Errorf("the follower came with the token %q, want %q", got, token)
		}
	case <-limit:
		t.Fatal("the follower did not come")
	}
}

func (r *rig) play(err error, script ...*articlev1.WatchArticlesResponse) {
	r.feed.play <- func(send func(*articlev1.WatchArticlesResponse)) error {
		for _, message := range script {
			send(message)
		}
		return err
	}
}

// article is one whose newest revision has the photos, published when shown is
// its number.
func article(id string, revision, shown int64, photos ...string) *articlev1.Article {
	a := &articlev1.Article{Name: site + "/articles/" + id, Uid: "uid-" + id, Title: "Apie " + id, Revision: revision, PublishedRevision: shown}
	for _, p := range photos {
		a.Blocks = append(a.Blocks, &articlev1.Block{Id: "b-" + p, Content: &articlev1.Block_Figure{Figure: &articlev1.Figure{
			Placement: &articlev1.PhotoPlacement{Photo: site + "/photos/" + p},
		}}})
	}
	return a
}

func event(kind articlev1.WatchArticlesResponse_Kind, a *articlev1.Article, token string) *articlev1.WatchArticlesResponse {
	return &articlev1.WatchArticlesResponse{Kind: kind, Name: a.GetName(), Article: a, ResumeToken: token}
}

func snapshot(a *articlev1.Article) *articlev1.WatchArticlesResponse {
	return event(articlev1.WatchArticlesResponse_KIND_SNAPSHOT, a, "")
}

func updated(a *articlev1.Article, token string) *articlev1.WatchArticlesResponse {
	return event(articlev1.WatchArticlesResponse_KIND_UPDATED, a, token)
}

func gone(id, token string) *articlev1.WatchArticlesResponse {
	return &articlev1.WatchArticlesResponse{
		Kind: articlev1.WatchArticlesResponse_KIND_PURGED, Name: site + "/articles/" + id, ResumeToken: token,
	}
}

func end(token string) *articlev1.WatchArticlesResponse {
	return &articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, ResumeToken: token}
}

func away() error { return fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "away") }

// upload creates the photos.
func (r *rig) upload(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		p, err := photo.New(photo.Name{Site: "biblioteka", ID: id}, nil, photo.Facts{}, "ona", time.Now())
		must(t, err)
		_, err = r.store.Create(t.Context(), p, replay.Request{}, time.Now())
		must(t, err)
	}
}

// want compares how articles use a photo, and what the photo says of it.
func (r *rig) want(t *testing.T, id string, usage mediav1.Photo_Usage, want ...*mediav1.PhotoUsage) {
	t.Helper()
	name := photo.Name{Site: "biblioteka", ID: id}
	p, err := r.store.Get(t.Context(), name)
	must(t, err)
	if p.GetUsage() != usage || p.GetPublished() != (usage == mediav1.Photo_USAGE_PUBLISHED) {
		t.Errorf("%s: usage %v, published %v; want %v", id, p.GetUsage(), p.GetPublished(), usage)
	}
	got, next, err := r.store.Usages(t.Context(), name, nil, 100)
	if err != nil || next != nil {
		t.Fatalf("%s: next %q, %v", id, next, err)
	}
	for _, u := range want {
		u.Name, u.Title = name.String()+"/usages/"+u.GetArticle(), "Apie "+u.GetArticle()
		u.Article = site + "/articles/" + u.GetArticle()
		u.Places = []string{"b-" + id}
	}
	if diff := cmp.Diff(want, got, protocmp.Transform(), protocmp.IgnoreFields(&mediav1.PhotoUsage{}, "update_time"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("usages of %s (-want +got):\n%s", id, diff)
	}
}

// used is a usage in short; want fills in the rest.
func used(article string, published, working bool, count int32) *mediav1.PhotoUsage {
	return &mediav1.PhotoUsage{Article: article, Published: published, Working: working, RevisionCount: count}
}

func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.upload(t, "one", "two", "three", "four")
		r.follow(t)
		// A snapshot that breaks off is begun again; its part stays.
		r.session(t, "", away(), snapshot(article("aaa", 1, 1, "one")))
		r.session(t, "", away(),
			snapshot(article("aaa", 1, 1, "one")), snapshot(article("bbb", 1, 1, "two", "three")), end("t1"),
			updated(article("bbb", 2, 1, "three"), "t2"))
		r.come(t, "t2")
		r.want(t, "one", mediav1.Photo_USAGE_PUBLISHED, used("aaa", true, true, 1))
		r.want(t, "two", mediav1.Photo_USAGE_PUBLISHED, used("bbb", true, false, 1))
		r.play(away(),
			updated(article("bbb", 2, 2, "three"), "t3"), // now published
			updated(article("aaa", 1, 0, "one"), "t4"),   // taken away
			updated(article("ccc", 1, 1, "four"), "t5"))
		// Too old a token: a fresh snapshot, in which ccc is missing.
		r.session(t, "t5", fault.New(faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED, "expired"))
		r.session(t, "", away(), snapshot(article("aaa", 1, 0, "one")), snapshot(article("bbb", 2, 2, "three")), end("t6"))
		r.session(t, "t6", away(), gone("aaa", "t7"))
		r.come(t, "t7")
		r.want(t, "one", mediav1.Photo_USAGE_UNSPECIFIED)
		r.want(t, "two", mediav1.Photo_USAGE_REVISION, used("bbb", false, false, 1))
		r.want(t, "three", mediav1.Photo_USAGE_PUBLISHED, used("bbb", true, true, 2))
		r.want(t, "four", mediav1.Photo_USAGE_UNSPECIFIED)
		articles, err := r.store.UsingArticles(t.Context())
		must(t, err)
		if diff := cmp.Diff([]string{site + "/articles/bbb"}, articles); diff != "" {
			t.Errorf("articles (-want +got):\n%s", diff)
		}
	})
}

// Revisions that the feed did not tell of one by one are read once.
func TestMissedRevisionsAreRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.upload(t, "one", "two", "three")
		r.follow(t)
		// Revision 2 was thinned.
		r.feed.keep(article("aaa", 1, 0, "one"), article("aaa", 3, 0, "two"), article("aaa", 4, 0, "two"), article("aaa", 5, 0, "three"))
		r.session(t, "", away(), snapshot(article("aaa", 5, 3, "three")), end("t1"))
		r.session(t, "t1", away(), updated(article("aaa", 6, 3, "one"), "t2"))
		r.come(t, "t2")
		r.want(t, "one", mediav1.Photo_USAGE_WORKING, used("aaa", false, true, 2))
		r.want(t, "two", mediav1.Photo_USAGE_PUBLISHED, used("aaa", true, false, 2))
		r.want(t, "three", mediav1.Photo_USAGE_REVISION, used("aaa", false, false, 1))
		if r.feed.read != 3 {
			t.Errorf("%d revisions were read, want 3", r.feed.read)
		}
		// Another article under the same name.
		other := article("aaa", 1, 0, "two")
		other.Uid = "another"
		r.play(away(), updated(other, "t3"))
		r.come(t, "t3")
		r.want(t, "one", mediav1.Photo_USAGE_UNSPECIFIED)
		r.want(t, "two", mediav1.Photo_USAGE_WORKING, used("aaa", false, true, 1))
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
