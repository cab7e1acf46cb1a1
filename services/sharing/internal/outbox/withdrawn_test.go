package outbox_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// named is a revision of an article whose title, lead and tags have a name.
func named(revision int64) *articlev1.Article {
	a := sharingtest.Short()
	a.Name, a.Uid, a.Path, a.PublishedRevision = sharingtest.SiteName+"/articles/vienas", "uid", "/vienas", revision
	a.PublishTime, a.FirstPublicTime = timestamppb.Now(), timestamppb.Now()
	a.Title, a.Tags = strings.Repeat("!", int(revision))+"Petraitis pagautas", []string{"Petraitis"}
	return a
}

// wantNoName fails when a stored delivery or event has the name.
func (r *rig) wantNoName(of ...webhook.Name) {
	r.t.Helper()
	for _, endpoint := range of {
		for _, d := range r.deliveries(endpoint) {
			if strings.Contains(d.String(), "Petraitis") || !strings.Contains(d.GetPayload(), `"uid":"uid"`) {
				r.t.Errorf("%s keeps %s", d.GetName(), d.GetPayload())
			}
		}
	}
	events, err := r.OutboxEvents(r.t.Context(), 10)
	must(r.t, err)
	for _, event := range events {
		if event.GetKind() == sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN && strings.Contains(event.GetArticle().String(), "Petraitis") {
			r.t.Errorf("the event of the withdrawal keeps %s", event.GetArticle())
		}
	}
}

// TestWithdrawnMeanwhile withdraws an article while messages about it were sent
// and others wait: nobody is told its words any more, no record has them, and
// who was away is told at once that it is gone.
func TestWithdrawnMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		took, _ := r.endpoint("took", "https://took.lt/", hook)
		waits, _ := r.endpoint("waits", "https://waits.lt/", hook)
		world.set(func(uri string) (egress.Answer, error) {
			if uri == "https://waits.lt/" {
				return egress.Answer{Status: 500}, nil
			}
			return egress.Answer{Status: 204}, nil
		})
		r.run(world)
		r.learn("vienas", named(1))
		settle(time.Second)
		r.learn("vienas", named(2))
		settle(12 * time.Hour) // the next attempt is hours away
		before := len(world.got("https://waits.lt/"))
		world.set(always(204))
		r.withdraw("vienas")
		settle(time.Second)
		if r.states(took) != "DDD" || r.states(waits) != "ssD" {
			t.Errorf("deliveries %s and %s", r.states(took), r.states(waits))
		}
		after := world.got("https://waits.lt/")[before:]
		if len(after) != 1 || !strings.Contains(after[0].body, "article.withdrawn") {
			t.Errorf("was sent after the withdrawal: %v", after)
		}
		r.wantNoName(took, waits)
		for _, d := range slices.Concat(r.deliveries(took)[:2], r.deliveries(waits)[:2]) {
			name, err := webhook.ParseDeliveryName("name", d.GetName())
			must(t, err)
			if _, err := r.RetryDelivery(t.Context(), name, "", replay.Request{}, now()); !fault.Has(err, faultv1.Reason_REASON_WRONG_STATE) {
				t.Errorf("%s is sent again: %v", d.GetName(), err)
			}
		}
		r.learn("vienas", named(3))
		settle(time.Second)
		if got := world.got("https://waits.lt/"); !strings.Contains(got[len(got)-1].body, "!!!Petraitis") {
			t.Errorf("published again, it is told as %s", got[len(got)-1].body)
		}
	})
}

// TestWithdrawnInWork withdraws an article while a call about it is under way:
// when that fails it is not made again.
func TestWithdrawnInWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		slow, _ := r.endpoint("slow", "https://slow.lt/", hook)
		world.set(func(string) (egress.Answer, error) {
			<-time.After(5 * time.Second)
			return egress.Answer{Status: 500}, nil
		})
		r.run(world)
		r.learn("vienas", named(1))
		settle(time.Second)
		world.set(always(204))
		r.withdraw("vienas")
		settle(time.Second)
		if got := r.states(slow); got != "pp" {
			t.Errorf("deliveries %s while the first is in work", got)
		}
		r.wantNoName(slow)
		settle(10 * time.Second)
		if got := r.states(slow); got != "sD" || len(world.got("https://slow.lt/")) != 2 {
			t.Errorf("deliveries %s in %d calls", got, len(world.got("https://slow.lt/")))
		}
	})
}

// TestWithdrawnBeforeTaken has a sender take a message in the moment between the
// withdrawal and its event being told.
func TestWithdrawnBeforeTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{answer: always(500)}
		to, _ := r.endpoint("the-late", "https://to.lt/", hook)
		stop := r.run(world)
		r.learn("vienas", named(1))
		settle(time.Second)
		stop()
		if n := len(world.got("https://to.lt/")); n != 1 {
			t.Fatalf("%d calls before", n)
		}
		r.withdraw("vienas")
		work, err := r.Take(t.Context(), to, webhook.Lease{Holder: "late", Until: now().Add(2 * time.Hour)}, now().Add(time.Hour))
		must(t, err)
		if work == nil || !work.Skipped || len(work.Payload) > 0 {
			t.Fatalf("took %+v", work)
		}
		r.wantNoName(to)
	})
}
