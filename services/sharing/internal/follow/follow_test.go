package follow_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

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

// TestStandbyListens keeps the cache of an instance true that does not follow.
func TestStandbyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		waiting, following := &notes{}, &notes{}
		w.followWith(waiting)
		w.followWith(following) // takes over
		for range 12 {          // the feed is not silent, so nobody takes over again
			pass(6 * time.Second)
			w.service.Heartbeat()
		}
		w.service.Unpublish(piece("pirmas").GetName())
		synctest.Wait()
		for name, cache := range map[string]*notes{"waiting": waiting, "following": following} {
			if diff := cmp.Diff([]string{"pirmas"}, cache.dropped); diff != "" || !cache.live {
				t.Errorf("%s: live is %v, dropped (-want +got):\n%s", name, cache.live, diff)
			}
		}
		w.service.Fail(fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "away"))
		w.service.Interrupt(false)
		synctest.Wait()
		if waiting.live || following.live {
			t.Error("a cache counts as true although the feed is away")
		}
	})
}
