package follow_test

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/follow"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// world is an article service, a store, and what followers made of the feed.
type world struct {
	t       *testing.T
	service *sharingtest.ArticleService
	store   *store.Store
	client  articlev1.ArticleServiceClient
	hold    time.Duration

	mu   sync.Mutex
	told []string
	fail func(store.Event) error
}

func newWorld(t *testing.T, published ...*articlev1.Article) *world {
	t.Helper()
	w := &world{t: t, service: sharingtest.NewArticleService(sharingtest.Site(), published...)}
	server := testkit.Start(t, func(r grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(r, w.service) })
	w.client = articlev1.NewArticleServiceClient(server.As(auth.Anonymous))
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "sharing.db"), kv.Options{Format: store.Format(), Heartbeat: time.Hour})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	w.store = store.New(records)
	return w
}

// rows is the store as a follower sees it; what becomes of articles is noted.
type rows struct {
	*store.Store

	world *world
}

func (r rows) Learn(ctx context.Context, f store.Following, e store.Event, now time.Time) (store.Transition, error) {
	r.world.mu.Lock()
	fail := r.world.fail
	r.world.mu.Unlock()
	if fail != nil {
		if err := fail(e); err != nil {
			return store.Transition{}, err
		}
	}
	t, err := r.Store.Learn(ctx, f, e, now)
	if err == nil && t.Kind != "" {
		text := string(t.Kind) + " " + t.Name.ID
		if t.Quiet {
			text += " quietly"
		}
		r.world.mu.Lock()
		r.world.told = append(r.world.told, text)
		r.world.mu.Unlock()
	}
	return t, err
}

// follow runs a follower until stop is called or the test ends.
func (w *world) follow() (stop func()) {
	w.t.Helper()
	cache, err := articles.NewCache(0)
	must(w.t, err)
	return w.followWith(cache)
}

func (w *world) followWith(cache follow.Cache) (stop func()) {
	w.t.Helper()
	f := follow.Follower{Articles: w.client, Rows: rows{w.store, w}, Cache: cache, Log: testkit.Log(w.t), Hold: w.hold}
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); f.Run(ctx) }()
	stop = func() { cancel(); <-ended }
	w.t.Cleanup(stop)
	synctest.Wait()
	return stop
}

// wantTold compares what became of articles since it was asked last.
func (w *world) wantTold(want ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if diff := cmp.Diff(want, w.told); diff != "" {
		w.t.Errorf("told (-want +got):\n%s", diff)
	}
	w.told = nil
}

// wantToldInAnyOrder is wantTold for snapshots, which are learned in lanes.
func (w *world) wantToldInAnyOrder(want ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	slices.Sort(w.told)
	w.mu.Unlock()
	slices.Sort(want)
	w.wantTold(want...)
}

func (w *world) failOn(fail func(store.Event) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail = fail
}

func piece(id string) *articlev1.Article {
	a := sharingtest.Short()
	a.Name, a.Uid, a.Path = sharingtest.SiteName+"/articles/"+id, "uid-of-"+id, "/"+id
	a.PublishedRevision = 1
	now := timestamppb.New(time.Now())
	a.PublishTime, a.FirstPublicTime, a.UpdateTime = now, now, now
	return a
}

// pass lets the time of the bubble go by.
func pass(d time.Duration) { <-time.After(d) }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// notes is a cache that remembers what it was told since it was connected.
type notes struct {
	mu      sync.Mutex
	live    bool
	dropped []string
}

func (n *notes) Connected() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.live, n.dropped = true, nil
}

func (n *notes) Lost() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.live = false
}

func (n *notes) Drop(name published.Name) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dropped = append(n.dropped, name.ID)
}

func (n *notes) Heard()                  {}
func (n *notes) Sites([]*articlev1.Site) {}
