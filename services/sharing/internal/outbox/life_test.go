package outbox_test

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

func timestampNow() *timestamppb.Timestamp { return timestampAt(time.Now()) }

func timestampAt(t time.Time) *timestamppb.Timestamp { return timestamppb.New(t) }

func nameOf(t *testing.T, d *sharingv1.Delivery) webhook.DeliveryName {
	t.Helper()
	name, err := webhook.ParseDeliveryName("name", d.GetName())
	must(t, err)
	return name
}

// TestStop stops a sender in the middle of a call: the message is due again at
// once, and the attempt does not count.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		stop := r.run(hanging{})
		r.publish("vienas", 1)
		settle(time.Second)
		stop()
		if d := r.deliveries(name)[0]; d.GetState() != sharingv1.Delivery_STATE_PENDING || d.GetAttemptCount() != 0 || len(d.GetAttempts()) != 0 {
			t.Errorf("after the stop it is %v", d)
		}
		r.run(world)
		settle(time.Second)
		if calls := world.got("https://all.lt/"); r.states(name) != "D" || len(calls) != 1 {
			t.Errorf("after the start it is %s, with %d calls", r.states(name), len(calls))
		}
	})
}

// TestLateListener has an event come after the sender looked for events and
// before it listens.
func TestLateListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		r.runOver(lateVersion{r.Store, func() {
			time.Sleep(time.Second) //nolint:forbidigo // the time of the bubble
			r.publish("vienas", 1)
		}}, world)
		settle(2 * time.Second)
		if calls := world.got("https://all.lt/"); r.states(name) != "D" || len(calls) != 1 {
			t.Errorf("a second after the event deliveries are %q, with %d calls", r.states(name), len(calls))
		}
	})
}

// lateVersion is a store in which something happens before its version is told.
type lateVersion struct {
	*store.Store

	before func()
}

func (s lateVersion) Version(ctx context.Context) (uint64, error) {
	s.before()
	return s.Store.Version(ctx)
}

// TestTwo has two senders over one store: each message arrives, hardly ever
// twice, and never as two.
func TestTwo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		r.run(world)
		r.run(world)
		for revision := range int64(30) {
			r.publish("vienas", revision+1)
			settle(10 * time.Millisecond)
		}
		settle(time.Minute)
		ids := make(map[string]int)
		last := ""
		for _, c := range world.got("https://all.lt/") {
			id := c.header.Get(webhook.HeaderID)
			if ids[id]++; id < last {
				t.Errorf("%s came after %s", id, last)
			}
			last = id
		}
		if len(ids) != 30 || len(r.deliveries(name)) != 30 {
			t.Errorf("%d messages for %d deliveries of 30 events", len(ids), len(r.deliveries(name)))
		}
	})
}

// TestLost has a sender that dies between call and record: another one sends the
// message again, with the same id, once the lease is over.
func TestLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		stop := r.run(hanging{})
		r.publish("vienas", 1)
		settle(time.Second)
		stop()
		at := now()
		work, err := r.Take(t.Context(), name, webhook.Lease{Holder: "dead", Until: at.Add(time.Minute)}, at)
		must(t, err)
		if work == nil {
			t.Fatal("nothing was to do")
		}
		r.run(world)
		settle(50 * time.Second)
		if n := len(world.got("https://all.lt/")); n != 0 {
			t.Errorf("%d calls while somebody else has the delivery", n)
		}
		settle(time.Minute)
		calls := world.got("https://all.lt/")
		if len(calls) != 1 || calls[0].header.Get(webhook.HeaderID) != work.MessageID || r.states(name) != "D" {
			t.Errorf("%d calls, deliveries %s", len(calls), r.states(name))
		}
		told, err := r.Settle(t.Context(), work.Name, "dead", webhook.Outcome{Failure: "late"}, now())
		if told != nil || err != nil || r.states(name) != "D" {
			t.Errorf("who lost its lease changed the delivery: %v, %v", told, err)
		}
	})
}

// TestDisabled has deliveries to an endpoint that is disabled skipped, wherever
// they wait, and those of a deleted one removed.
func TestDisabled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		world.set(always(503))
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		r.run(world)
		r.publish("vienas", 1)
		r.publish("du-du", 1)
		settle(time.Minute)
		e, err := r.Endpoint(t.Context(), name, now())
		must(t, err)
		e, err = r.UpdateEndpoint(t.Context(), name, store.EndpointChange{Etag: e.GetEtag(), Time: now()}, func(e *sharingv1.WebhookEndpoint) error {
			e.State = sharingv1.WebhookEndpoint_STATE_DISABLED
			return nil
		})
		must(t, err)
		settle(time.Second)
		r.publish("trys", 1)
		settle(time.Hour)
		if states := r.states(name); states != "ss" {
			t.Errorf("deliveries to a disabled endpoint are %s", states)
		}
		_, err = r.DeleteEndpoint(t.Context(), name, store.EndpointChange{Etag: e.GetEtag(), Time: now()})
		must(t, err)
		settle(time.Hour)
		again, _ := r.endpoint("all", "https://all.lt/", hook)
		if n := len(r.deliveries(again)); n != 0 {
			t.Errorf("an endpoint has %d deliveries of one that was deleted", n)
		}
	})
}

// TestPurge has deliveries go 30 days after their end, and not those that are
// tried again.
func TestPurge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		stop := r.run(world)
		for _, id := range []string{"vienas", "du-du", "trys", "keturi", "penki", "sesi", "septyni", "astuoni", "devyni", "desimt"} {
			r.publish(id, 1)
		}
		settle(time.Minute)
		stop()
		settle(29 * 24 * time.Hour)
		_, err := r.RetryDelivery(t.Context(), nameOf(t, r.deliveries(name)[3]), "", replay.Request{}, now())
		must(t, err)
		settle(2 * 24 * time.Hour)
		world.set(always(500))
		r.run(world)
		settle(time.Hour)
		if states := r.states(name); states != "p" {
			t.Errorf("after a month deliveries are %s, want the one that is tried again", states)
		}
	})
}

// hanging is a caller that answers only when its call is broken off.
type hanging struct{}

func (hanging) Post(ctx context.Context, _ string, _ http.Header, _ []byte) (egress.Answer, error) {
	<-ctx.Done()
	return egress.Answer{}, &egress.Error{Class: egress.ClassCanceled, Err: ctx.Err()}
}

// TestLostDisabled disables an endpoint while a sender that died has a delivery
// to it.
func TestLostDisabled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		name, _ := r.endpoint("all", "https://all.lt/", hook)
		stop := r.run(hanging{})
		r.publish("vienas", 1)
		settle(time.Second)
		stop()
		at := now()
		_, err := r.Take(t.Context(), name, webhook.Lease{Holder: "dead", Until: at.Add(time.Minute)}, at)
		must(t, err)
		e, err := r.Endpoint(t.Context(), name, at)
		must(t, err)
		_, err = r.UpdateEndpoint(t.Context(), name, store.EndpointChange{Etag: e.GetEtag(), Time: at}, func(e *sharingv1.WebhookEndpoint) error {
			e.State = sharingv1.WebhookEndpoint_STATE_DISABLED
			return nil
		})
		must(t, err)
		r.run(world)
		settle(50 * time.Second)
		if states := r.states(name); states != "p" {
			t.Errorf("while it is leased it is %s", states)
		}
		settle(time.Minute)
		if states, n := r.states(name), len(world.got("https://all.lt/")); states != "s" || n != 0 {
			t.Errorf("afterwards it is %s, with %d calls", states, n)
		}
	})
}

// TestQuiet has a store that was just made learn what is public already.
func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		records, err := boltkv.Open(filepath.Join(t.TempDir(), "sharing.db"), kv.Options{Format: store.Format(), Heartbeat: time.Hour})
		must(t, err)
		defer func() { must(t, records.Close()) }()
		r := &rig{Store: store.New(records), t: t}
		must(t, r.Follow(t.Context(), following.Holder, now()))
		_, err = r.LearnSites(t.Context(), []*articlev1.Site{sharingtest.Site()}, now())
		must(t, err)
		_, _ = r.endpoint("all", "https://all.lt/", hook)
		r.publish("vienas", 1)
		events, err := r.OutboxEvents(t.Context(), 10)
		must(t, err)
		if len(events) != 0 {
			t.Errorf("the first snapshot is told as news: %v", events)
		}
		must(t, r.CompleteSnapshot(t.Context(), following, now()))
		settle(time.Second) // for another title
		r.publish("vienas", 2)
		events, err = r.OutboxEvents(t.Context(), 10)
		must(t, err)
		if len(events) != 1 || events[0].GetKind() != sharingv1.ArticleEvent_ARTICLE_EVENT_CORRECTED {
			t.Errorf("after it is told: %v", events)
		}
	})
}
