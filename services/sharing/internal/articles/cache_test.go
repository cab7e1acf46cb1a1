package articles_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// world is an article service with two articles and a reader of it.
type world struct {
	t       *testing.T
	service *sharingtest.ArticleService
	reader  articles.Reader
	name    published.Name
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, service: sharingtest.NewArticleService(sharingtest.Site(), sharingtest.Article(), sharingtest.Short()),
		name: published.Name{Site: "biblioteka", ID: "stazuote"},
	}
	server := testkit.Start(t, func(r grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(r, w.service) })
	cache, err := articles.NewCache(0)
	if err != nil {
		t.Fatal(err)
	}
	cache.Sites([]*articlev1.Site{sharingtest.Site()})
	w.reader = articles.Reader{
		Client: articlev1.NewArticleServiceClient(server.As(auth.Anonymous)), Timeout: 5 * time.Second, Cache: cache,
	}
	return w
}

// read reads the article and returns how many calls that took.
func (w *world) read() (calls int, err error) {
	w.t.Helper()
	before := w.service.Reads()
	article, err := w.reader.Article(w.t.Context(), w.name.String())
	if err == nil && article.Title() != sharingtest.Article().GetTitle() {
		w.t.Errorf("read %q", article.Title())
	}
	return w.service.Reads() - before, err
}

func (w *world) wantCalls(want int) {
	w.t.Helper()
	calls, err := w.read()
	if err != nil || calls != want {
		w.t.Errorf("took %d calls, want %d; %v", calls, want, err)
	}
}

// TestCacheIsTrueOnlyWhileTold passes the cache by unless the feed says what
// changes.
func TestCacheIsTrueOnlyWhileTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		cache := w.reader.Cache
		w.wantCalls(1)
		w.wantCalls(1) // nobody told of changes
		cache.Connected()
		w.wantCalls(1)
		w.wantCalls(0)
		cache.Drop(w.name)
		w.wantCalls(1)
		w.wantCalls(0)
		cache.Drop(published.Name{Site: "biblioteka", ID: "trumpa"})
		w.wantCalls(0)
		cache.Lost()
		w.wantCalls(1)
		cache.Connected() // what changed meanwhile was not told
		w.wantCalls(1)
	})
}

// TestWithdrawnInSilence stops showing a withdrawn article although nobody told
// of it.
func TestWithdrawnInSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.reader.Cache.Connected()
		w.wantCalls(1)
		w.service.Unpublish(w.name.String())
		pass(articles.FreshFor)
		w.wantCalls(0)
		pass(time.Second)
		_, err := w.read()
		testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	})
}

// TestServiceAway answers from the cache for as long as that is promised.
func TestServiceAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.reader.Cache.Connected()
		w.wantCalls(1)
		w.service.Fail(fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away"))
		w.reader.Cache.Lost()
		if _, err := w.read(); err != nil {
			t.Errorf("at once: %v", err)
		}
		pass(articles.KeptFor)
		if _, err := w.read(); err != nil {
			t.Errorf("after %s: %v", articles.KeptFor, err)
		}
		pass(time.Second)
		_, err := w.read()
		testkit.WantReason(t, err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
		if _, err := w.reader.Site(t.Context(), sharingtest.SiteName); err != nil {
			t.Errorf("the site: %v", err)
		}
	})
}

// slow holds reads until they are let go, after they have read.
type slow struct {
	articles.Client

	reading chan struct{}
	letGo   chan struct{}
}

func (s slow) GetArticle(ctx context.Context, req *articlev1.GetArticleRequest, opts ...grpc.CallOption) (*articlev1.Article, error) {
	article, err := s.Client.GetArticle(ctx, req, opts...)
	s.reading <- struct{}{}
	<-s.letGo
	return article, err
}

func (s slow) BatchGetArticles(ctx context.Context, req *articlev1.BatchGetArticlesRequest, opts ...grpc.CallOption) (*articlev1.BatchGetArticlesResponse, error) {
	found, err := s.Client.BatchGetArticles(ctx, req, opts...)
	s.reading <- struct{}{}
	<-s.letGo
	return found, err
}

// TestChangeWhileReading keeps nothing that was read before a change was told.
func TestChangeWhileReading(t *testing.T) {
	for _, batch := range []bool{false, true} {
		t.Run(fmt.Sprintf("batch %v", batch), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.reader.Cache.Connected()
				quick := w.reader.Client
				held := slow{Client: quick, reading: make(chan struct{}), letGo: make(chan struct{})}
				w.reader.Client = held
				done := make(chan error, 1)
				go func() {
					var err error
					if batch {
						_, err = w.reader.Articles(t.Context(), published.Site{Resource: sharingtest.Site()}, []published.Name{w.name})
					} else {
						_, err = w.reader.Article(t.Context(), w.name.String())
					}
					done <- err
				}()
				<-held.reading
				w.service.Unpublish(w.name.String())
				w.reader.Cache.Drop(w.name)
				w.reader.Client = quick
				_, err := w.read() // does not wait for the one that is under way
				testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
				held.letGo <- struct{}{}
				if err := <-done; err != nil {
					t.Errorf("who asked before: %v", err)
				}
				_, err = w.read()
				testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
			})
		})
	}
}

// TestManyAskOnce reads an article once, however many want it, also when the
// first of them leaves.
func TestManyAskOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.reader.Cache.Connected()
		held := slow{Client: w.reader.Client, reading: make(chan struct{}), letGo: make(chan struct{})}
		w.reader.Client = held
		ctx, leave := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				if i == 0 {
					_, err := w.reader.Article(ctx, w.name.String())
					if err == nil {
						t.Error("who left was answered")
					}
					return
				}
				if _, err := w.reader.Article(t.Context(), w.name.String()); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		<-held.reading
		leave()
		held.letGo <- struct{}{}
		all.Wait()
		if got := w.service.Reads(); got != 1 {
			t.Errorf("took %d calls", got)
		}
	})
}

// TestArticles reads bodies together and leaves out what is not public.
func TestArticles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.reader.Cache.Connected()
		site := published.Site{Resource: sharingtest.Site()}
		short := published.Name{Site: "biblioteka", ID: "trumpa"}
		none := published.Name{Site: "biblioteka", ID: "nera"}
		found, err := w.reader.Articles(t.Context(), site, []published.Name{short, w.name})
		if err != nil || len(found) != 2 || found[0].Title() != sharingtest.Short().GetTitle() || w.service.Reads() != 1 {
			t.Fatalf("found %d in %d calls, %v", len(found), w.service.Reads(), err)
		}
		w.wantCalls(0)
		found, err = w.reader.Articles(t.Context(), site, []published.Name{none, w.name, short})
		if err != nil || len(found) != 2 || found[0].Title() != sharingtest.Article().GetTitle() {
			t.Errorf("found %d, %v", len(found), err)
		}
		w.service.Fail(fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away"))
		w.reader.Cache.Drop(short)
		_, err = w.reader.Articles(t.Context(), site, []published.Name{w.name, short})
		e := testkit.WantReason(t, err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
		if e.Kind.Code() != codes.Unavailable {
			t.Errorf("code %s", e.Kind.Code())
		}
	})
}

// pass lets the time of the bubble go by; sites are listed meanwhile.
func pass(d time.Duration) { <-time.After(d) }
