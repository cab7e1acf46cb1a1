package follow_test

import (
	"context"
	"errors"
	"fmt"
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
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/follow"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// world is an article service, a store, and what followers made of the feed.
type world struct {
	t       *testing.T
	service *sharingtest.ArticleService
	store   *store.Store
	client  articlev1.ArticleServiceClient

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
	f := follow.Follower{Articles: w.client, Rows: rows{w.store, w}, Cache: cache, Log: testkit.Log(w.t)}
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

// TestFollow tells what happens after the first snapshot, which is quiet, and
// what happened while nobody followed, each once.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, piece("pirmas"))
		stop := w.follow()
		w.wantTold("published pirmas quietly")
		w.service.Publish(piece("antras"))
		w.wantTold("published antras")
		w.service.Interrupt(false)
		moved := piece("antras")
		moved.Path = "/kitur"
		w.service.Publish(moved)
		pass(time.Second)
		w.wantTold("corrected antras")
		stop()
		w.service.Unpublish(piece("pirmas").GetName())
		w.service.Publish(piece("trecias"))
		w.follow()
		w.wantTold("withdrawn pirmas", "published trecias")
	})
}

// TestExpiredToken finds in a snapshot what happened while nobody followed.
func TestExpiredToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, piece("lieka"), piece("keiciasi"), piece("dingsta"))
		stop := w.follow()
		w.wantToldInAnyOrder("published lieka quietly", "published keiciasi quietly", "published dingsta quietly")
		stop()
		w.service.Unpublish(piece("dingsta").GetName())
		changed := piece("keiciasi")
		changed.Title = "Kitas pavadinimas"
		w.service.Publish(changed)
		w.service.Publish(piece("naujas"))
		w.service.Interrupt(true)
		w.follow()
		pass(time.Second)
		w.wantToldInAnyOrder("withdrawn dingsta", "corrected keiciasi", "published naujas")
	})
}

// TestBadArticle goes on after an article that cannot be kept, and comes back
// to it.
func TestBadArticle(t *testing.T) {
	for _, when := range []string{"in the snapshot", "later"} {
		t.Run(when, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, piece("pirmas"))
				w.failOn(func(e store.Event) error {
					if e.Name.ID == "blogas" {
						return errors.New("this one cannot be kept")
					}
					return nil
				})
				if when == "later" {
					w.follow()
					w.service.Publish(piece("blogas"))
				} else {
					w.service.Publish(piece("blogas"))
					w.follow()
				}
				w.service.Publish(piece("paskutinis"))
				w.wantTold("published pirmas quietly", "published paskutinis")
				w.failOn(nil)
				w.service.Heartbeat()
				w.wantTold() // it is not due yet
				pass(time.Minute)
				w.service.Heartbeat()
				w.wantTold("published blogas")
			})
		})
	}
}

// TestStoreAway waits for a store that cannot be written to, and misses
// nothing.
func TestStoreAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.follow()
		w.failOn(func(store.Event) error {
			return fault.Unavailable(kv.ErrNoSpace, faultv1.Reason_REASON_STORE_UNAVAILABLE, "no space")
		})
		w.service.Publish(piece("pirmas"))
		pass(10 * time.Second)
		w.wantTold()
		w.failOn(nil)
		pass(time.Minute)
		w.wantTold("published pirmas")
	})
}

// TestTwoInstances has each event take effect once, whoever follows.
func TestTwoInstances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stopFirst := w.follow()
		stopSecond := w.follow()
		stops := []func(){stopFirst, stopSecond}
		for i := range 6 {
			w.service.Publish(piece(fmt.Sprintf("straipsnis-%d", i)))
			w.service.Interrupt(false)
			pass(time.Minute)
			w.wantTold(fmt.Sprintf("published straipsnis-%d", i))
			stops[i%2]()
			stops[i%2] = w.follow()
		}
	})
}

// TestDeadFollower takes over from an instance that died without a word.
func TestDeadFollower(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.follow()
		must(t, w.store.Follow(t.Context(), "one that dies", time.Now()))
		w.service.Publish(piece("pirmas"))
		w.wantTold()
		pass(time.Minute)
		w.wantTold("published pirmas")
	})
}

// TestSilentFeed asks again when the feed says nothing at all.
func TestSilentFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.follow()
		before := w.service.Watches()
		pass(29 * time.Second)
		if got := w.service.Watches(); got != before {
			t.Errorf("%d watches after 29 s", got-before)
		}
		pass(2 * time.Second)
		if got := w.service.Watches(); got == before {
			t.Error("still waits for a feed without heartbeats")
		}
	})
}

// TestSites tells of sites that changed, came and went, and of those only.
func TestSites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.follow()
		version, err := w.store.Version(t.Context())
		must(t, err)
		pass(time.Minute)
		site := sharingtest.Site()
		site.Title = "Kita antraštė"
		w.service.SetSite(site)
		pass(6 * time.Second)
		synctest.Wait()
		known, err := w.store.Site(t.Context(), "biblioteka")
		must(t, err)
		if known.GetTitle() != site.GetTitle() {
			t.Errorf("the title is still %q", known.GetTitle())
		}
		for batch, err := range w.store.Watch(t.Context(), "-", version) {
			must(t, err)
			want := []store.Topic{{Site: "biblioteka"}}
			var got []store.Topic
			for _, change := range batch.Changes {
				got = append(got, change.Topic)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("change log (-want +got):\n%s", diff)
			}
			break
		}
	})
}
