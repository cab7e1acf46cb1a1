package follow_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// many is how many articles there are in these tests.
const many = 30

// newFullWorld is followed and has forgotten nothing; stop ends its follower.
func newFullWorld(t *testing.T, hold time.Duration) (w *world, stop func()) {
	t.Helper()
	all := make([]*articlev1.Article, many)
	for i := range all {
		all[i] = piece(fmt.Sprintf("straipsnis-%02d", i))
	}
	w = newWorld(t, all...)
	w.hold = hold
	stop = w.follow()
	w.wantToldInAnyOrder(told("published", many, " quietly")...)
	return w, stop
}

// told is what is told of the first n articles.
func told(kind string, n int, how string) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%s straipsnis-%02d%s", kind, i, how))
	}
	return all
}

// lose has the article service come back with another store, without the first n
// articles.
func (w *world) lose(n int) {
	for i := range n {
		w.service.Unpublish(piece(fmt.Sprintf("straipsnis-%02d", i)).GetName())
	}
	w.service.Interrupt(true)
}

func (w *world) known() int {
	w.t.Helper()
	n := 0
	must(w.t, w.store.EachArticle(w.t.Context(), func(published.Name) error { n++; return nil }))
	return n
}

// TestWrongStore has the article service run with an empty store for a while:
// nothing is withdrawn, and when the right one is back all goes on.
func TestWrongStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, stop := newFullWorld(t, 24*time.Hour)
		stop()
		w.lose(many)
		w.follow()
		pass(40 * time.Minute)
		w.wantTold()
		if n := w.known(); n != many {
			t.Errorf("%d articles are known, want %d", n, many)
		}
		feed, err := w.store.Feed(t.Context())
		must(t, err)
		if feed.Holder == "" || time.Since(feed.Last) > 10*time.Second {
			t.Errorf("the follower was last heard of %s ago", time.Since(feed.Last))
		}
		for i := range many {
			w.service.Publish(piece(fmt.Sprintf("straipsnis-%02d", i)))
		}
		w.service.Publish(piece("naujas"))
		pass(2 * time.Minute)
		w.service.Unpublish(piece("straipsnis-07").GetName())
		pass(time.Second)
		synctest.Wait()
		if n := w.known(); n != many {
			t.Errorf("%d articles are known in the end, want %d", n, many)
		}
	})
}

// TestEmptyStore does not believe in an empty article service although only a few
// articles are known.
func TestEmptyStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		second := piece("antras")
		w := newWorld(t, piece("pirmas"), second)
		w.hold = time.Hour
		stop := w.follow()
		w.wantToldInAnyOrder("published pirmas quietly", "published antras quietly")
		stop()
		w.service.Unpublish(piece("pirmas").GetName())
		w.service.Unpublish(piece("antras").GetName())
		w.service.Interrupt(true)
		w.follow()
		pass(5 * time.Minute)
		w.wantTold()
		w.service.Publish(second)
		pass(2 * time.Minute)
		w.wantTold("withdrawn pirmas")
	})
}

// TestMostWithdrawn believes that most is withdrawn when it has been said for long
// enough, or the operator says so, and at once that some is.
func TestMostWithdrawn(t *testing.T) {
	for name, test := range map[string]struct {
		hold time.Duration
		lost int
		wait time.Duration
	}{
		"after some time": {hold: 10 * time.Minute, lost: 21, wait: 12 * time.Minute},
		"at once":         {lost: many, wait: time.Second},
		"half of all":     {hold: time.Hour, lost: many / 2, wait: time.Second},
		"a few":           {hold: time.Hour, lost: 20, wait: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, stop := newFullWorld(t, test.hold)
				stop()
				w.lose(test.lost)
				w.follow()
				pass(test.wait / 2)
				if test.wait > time.Minute {
					w.wantTold()
				}
				pass(test.wait)
				w.wantToldInAnyOrder(told("withdrawn", test.lost, "")...)
			})
		})
	}
}

// TestNoSites keeps the sites that are known when none is listed any more.
func TestNoSites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		stop := w.follow()
		pass(6 * time.Second)
		stop()
		w.client = withoutSites{w.client}
		w.follow()
		pass(time.Minute)
		if sites, err := w.store.Sites(t.Context()); err != nil || len(sites) != 1 {
			t.Errorf("%d sites are known, %v", len(sites), err)
		}
	})
}

// withoutSites is an article service with an empty store.
type withoutSites struct{ articlev1.ArticleServiceClient }

func (withoutSites) ListSites(context.Context, *articlev1.ListSitesRequest, ...grpc.CallOption) (*articlev1.ListSitesResponse, error) {
	return &articlev1.ListSitesResponse{}, nil
}
