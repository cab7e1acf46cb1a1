package sharefeed

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func TestFindWithoutCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.answers[code] = found(code, "/kelione")
		r.leads(code, "/kelione", 1) // the feed is not there yet
		r.begin()
		r.leads(code, "/kelione", 0)
		r.leads(words, "/kelione", 0)
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_CREATED, "nauja", "/nauja"))
		r.leads("nauja", "/nauja", 0)
	})
}

// TestChanges wants a change of an article to be seen through all of its links,
// of which one is told.
func TestChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		r.answers[words] = found(words, "/kelione-2")
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, "/kelione-2"))
		r.leads(code, "/kelione-2", 0)
		r.leads(words, "/kelione-2", 1)
		r.leads(words, "/kelione-2", 0)

		r.answers[words] = found(words, "")
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, ""))
		r.leads(code, "", 0)
		r.leads(words, "", 1)
		r.leads(words, "", 1)
		r.answers[words] = found(words, "/sugrizo")
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_CREATED, code, "/sugrizo"))
		r.leads(words, "/sugrizo", 1)
		r.leads(words, "/sugrizo", 0)

		r.answers[code], r.answers[words] = found(code, "/kita"), found(words, "/kita")
		r.tell(&sharingv1.WatchShareLinksResponse{Kind: sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED, Site: siteName})
		r.leads(code, "/kita", 1)
		r.leads(words, "/kita", 1)
		r.leads(words, "/kita", 0)
	})
}

// TestNotKept wants an answer that was overtaken by a change not to be kept.
func TestNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		r.answers["trecias"] = found("trecias", "/senas")
		r.set(func() {
			r.during = func() {
				r.messages <- message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, "trecias", "/naujas")
				time.Sleep(time.Millisecond) //nolint:forbidigo // of the bubble: the feed handles it
			}
		})
		if link, _, err := r.feed.Find(t.Context(), "trecias"); err != nil || link.Location != origin+"/senas" {
			t.Fatalf("%+v, %v", link, err)
		}
		r.set(func() { r.during = nil })
		r.leads("trecias", "/naujas", 0)
	})
}

// TestMissing wants a link that is made now to work now.
func TestMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		for range 2 {
			if _, _, err := r.feed.Find(t.Context(), "zzzzzzzz"); !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
				t.Errorf("a link that is not there: %v", err)
			}
		}
		r.set(func() { r.answers["zzzzzzzz"] = found("zzzzzzzz", "/nauja") })
		r.leads("zzzzzzzz", "/nauja", 1)
		r.set(func() {
			r.answers["klaida"] = &sharingv1.ResolveShareLinkResponse{State: sharingv1.ResolveShareLinkResponse_STATE_MISTYPED}
		})
		if link, answer, err := r.feed.Find(t.Context(), "klaida"); err != nil || link != nil || answer == nil {
			t.Errorf("a mistyped one: %v, %v, %v", link, answer, err)
		}
	})
}

func TestGenerations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		if _, ok := r.feed.Generation(siteName); ok {
			t.Error("a generation before anything is known")
		}
		r.begin()
		last, ok := r.feed.Generation(siteName)
		if !ok {
			t.Fatal("no generation")
		}
		r.tell(&sharingv1.WatchShareLinksResponse{Kind: sharingv1.WatchShareLinksResponse_KIND_HEARTBEAT, ResumeToken: "t2"})
		if now, _ := r.feed.Generation(siteName); now != last {
			t.Error("a heartbeat changes something")
		}
		for _, m := range []*sharingv1.WatchShareLinksResponse{
			message(sharingv1.WatchShareLinksResponse_KIND_CREATED, "nauja", "/nauja"),
			message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, ""),
			{Kind: sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED, Site: siteName},
			{Kind: 99, Site: siteName},
		} {
			r.tell(m)
			now, ok := r.feed.Generation(siteName)
			if now == last || !ok {
				t.Errorf("%v changes nothing", m.GetKind())
			}
			last = now
		}
	})
}
