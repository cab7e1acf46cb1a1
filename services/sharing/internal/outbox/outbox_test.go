package outbox_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/skaitykla/skaitykla/internal/replay"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

const (
	hook = sharingv1.WebhookEndpoint_PROTOCOL_WEBHOOK
	hub  = sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB

	withdrawn = sharingv1.ArticleEvent_ARTICLE_EVENT_WITHDRAWN
)

// settle waits until nothing moves but time, and lets d of it pass.
func settle(d time.Duration) {
	synctest.Wait()
	time.Sleep(d) //nolint:forbidigo // the time of the bubble
	synctest.Wait()
}

// typesOf returns the types of the messages that a receiver got.
func typesOf(t *testing.T, calls []call) []string {
	t.Helper()
	var types []string
	for _, c := range calls {
		var body struct{ Type string }
		must(t, json.Unmarshal([]byte(c.body), &body))
		types = append(types, body.Type)
	}
	return types
}

// TestDeliver follows an article through its life, as three endpoints and a hub
// hear of it.
func TestDeliver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		all, key := r.endpoint("all", "https://all.lt/", hook)
		_, _ = r.endpoint("some", "https://some.lt/", hook, withdrawn)
		_, _ = r.endpoint("hub", "https://hub.lt/", hub)
		r.run(world)
		r.publish("vienas", 1)
		settle(time.Second)
		r.publish("vienas", 2)
		settle(time.Second)
		r.withdraw("vienas")
		settle(time.Second)
		r.publish("vienas", 2)
		settle(time.Second)

		got := world.got("https://all.lt/")
		want := []string{"article.published", "article.corrected", "article.withdrawn", "article.published"}
		if diff := cmp.Diff(want, typesOf(t, got)); diff != "" {
			t.Errorf("all (-want +got):\n%s", diff)
		}
		if states := r.states(all); states != "DDDD" {
			t.Errorf("deliveries to all are %s", states)
		}
		seen := make(map[string]bool)
		for _, c := range got {
			w, err := standardwebhooks.NewWebhook(webhook.SecretText(key))
			must(t, err)
			must(t, w.Verify([]byte(c.body), c.header))
			seen[c.header.Get(webhook.HeaderID)] = true
		}
		if len(seen) != 4 {
			t.Errorf("4 messages have %d ids", len(seen))
		}
		if diff := cmp.Diff([]string{"article.withdrawn"}, typesOf(t, world.got("https://some.lt/"))); diff != "" {
			t.Errorf("some (-want +got):\n%s", diff)
		}
		pings := world.got("https://hub.lt/")
		if len(pings) != 4 {
			t.Fatalf("%d pings, want 4", len(pings))
		}
		form, err := url.ParseQuery(pings[0].body)
		must(t, err)
		base := sharingtest.Site().GetBaseUri()
		wanted := url.Values{"hub.mode": {"publish"}, "hub.url": {base + "/feed.xml", base + "/atom.xml", base + "/feed.json"}}
		if diff := cmp.Diff(wanted, form); diff != "" || pings[0].header.Get("Content-Type") != "application/x-www-form-urlencoded" ||
			pings[0].header.Get(webhook.HeaderSignature) != "" {
			t.Errorf("ping %v (-want +got):\n%s", pings[0].header, diff)
		}
	})
}

// TestSilence has what is no news: what was public before the store was made,
// archives that are moved here, other renditions, and endpoints made later.
func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		_, _ = r.endpoint("all", "https://all.lt/", hook)
		r.run(world)
		archived := sharingtest.Short()
		archived.Name = sharingtest.SiteName + "/articles/senas"
		archived.Uid = "uid-of-senas"
		archived.FirstPublicTime = timestampNow()
		archived.PublishTime = timestampAt(time.Now().AddDate(-10, 0, 0))
		if told := r.learn("senas", archived); told.Kind != store.Published || !told.Backdated {
			t.Fatalf("the archive is told as %+v", told)
		}
		r.learn("senas", archived)
		settle(time.Minute)
		if calls := world.got("https://all.lt/"); len(calls) != 0 {
			t.Errorf("told of %v", typesOf(t, calls))
		}
		r.withdraw("senas") // this one is news: others may show it
		settle(time.Minute)
		r.learn("senas", archived)
		settle(time.Minute)
		want := []string{"article.withdrawn", "article.published"}
		if diff := cmp.Diff(want, typesOf(t, world.got("https://all.lt/"))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		later, _ := r.endpoint("later", "https://later.lt/", hook)
		settle(time.Minute)
		if n := len(r.deliveries(later)); n != 0 {
			t.Errorf("an endpoint is told of %d events from before its time", n)
		}
	})
}

// TestDaysOf500 has a receiver that answers 500 for a day, and one that does so
// for ever.
func TestDaysOf500(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		begin := time.Now()
		world.set(func(uri string) (egress.Answer, error) {
			if uri == "https://day.lt/" && time.Since(begin) > 24*time.Hour {
				return egress.Answer{Status: 200}, nil
			}
			return egress.Answer{Status: 500}, nil
		})
		day, _ := r.endpoint("day", "https://day.lt/", hook)
		ever, _ := r.endpoint("ever", "https://ever.lt/", hook)
		r.run(world)
		r.publish("vienas", 1)
		settle(time.Second)
		r.publish("vienas", 2) // waits for the first
		settle(23 * time.Hour)
		if states := r.states(day) + r.states(ever); states != "pppp" {
			t.Errorf("within the day deliveries are %s", states)
		}
		settle(8 * time.Hour)
		if states := r.states(day) + r.states(ever); states != "DDpp" {
			t.Errorf("after the day deliveries are %s", states)
		}
		if types := typesOf(t, world.got("https://day.lt/")); types[len(types)-1] != "article.corrected" || types[len(types)-2] != "article.published" {
			t.Errorf("the order is %v", types)
		}
		settle(6 * 24 * time.Hour)
		if states := r.states(ever); states != "Fs" {
			t.Errorf("after a week deliveries are %s", states)
		}
		e, err := r.Endpoint(t.Context(), ever, now())
		must(t, err)
		if e.GetState() != sharingv1.WebhookEndpoint_STATE_SUSPENDED || e.GetFailureTime() == nil || e.GetSuccessTime() != nil {
			t.Errorf("the endpoint that failed for days is %v", e)
		}
		d := r.deliveries(ever)[0]
		if n := d.GetAttemptCount(); n < 15 || n > 22 || len(d.GetAttempts()) != min(int(n), webhook.KeptAttempts) || d.GetPurgeTime() == nil {
			t.Errorf("%d attempts, %d kept, purged at %v", n, len(d.GetAttempts()), d.GetPurgeTime())
		}
		if a := d.GetAttempts()[0]; a.GetResponseCode() != 500 || a.GetError() == "" || a.GetStartTime() == nil {
			t.Errorf("attempt %v", a)
		}
		for i, c := range world.got("https://ever.lt/") {
			if c.header.Get(webhook.HeaderID) != d.GetMessageId() {
				t.Errorf("attempt %d has another id", i)
			}
		}
	})
}

// TestGone has a receiver that wants no more, and later again.
func TestGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		world.set(always(http.StatusGone))
		gone, _ := r.endpoint("gone", "https://gone.lt/", hook)
		r.run(world)
		r.publish("vienas", 1)
		settle(time.Minute)
		r.publish("du", 1)
		settle(time.Minute)
		if states, n := r.states(gone), len(world.got("https://gone.lt/")); states != "F" || n != 1 {
			t.Errorf("deliveries are %s after %d calls", states, n)
		}
		world.set(nil)
		e, err := r.Endpoint(t.Context(), gone, now())
		must(t, err)
		if _, err := r.RetryDelivery(t.Context(), nameOf(t, r.deliveries(gone)[0]), "", replay.Request{}, now()); err == nil {
			t.Error("a delivery to a suspended endpoint is tried again")
		}
		_, err = r.UpdateEndpoint(t.Context(), gone, store.EndpointChange{Etag: e.GetEtag(), Time: now()}, func(e *sharingv1.WebhookEndpoint) error {
			e.State = sharingv1.WebhookEndpoint_STATE_ACTIVE
			return nil
		})
		must(t, err)
		_, err = r.RetryDelivery(t.Context(), nameOf(t, r.deliveries(gone)[0]), "", replay.Request{}, now())
		must(t, err)
		settle(time.Minute)
		if states := r.states(gone); states != "D" {
			t.Errorf("tried again deliveries are %s", states)
		}
	})
}

// TestSlow has one receiver that hangs and one that is down, beside one that is
// well.
func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		world.set(func(uri string) (egress.Answer, error) {
			switch uri {
			case "https://slow.lt/":
				time.Sleep(10 * time.Second) //nolint:forbidigo // the time of the bubble
				return egress.Answer{}, &egress.Error{Class: egress.ClassTimeout, Err: errors.New("hangs")}
			case "https://down.lt/":
				return egress.Answer{}, &egress.Error{Class: egress.ClassConnect, Err: errors.New("refused")}
			}
			return egress.Answer{Status: 200}, nil
		})
		slow, _ := r.endpoint("slow", "https://slow.lt/", hook)
		down, _ := r.endpoint("down", "https://down.lt/", hook)
		well, _ := r.endpoint("well", "https://well.lt/", hook)
		r.run(world)
		begin := time.Now()
		for i := range 40 {
			r.publish("straipsnis-"+string(rune('a'+i%26))+string(rune('a'+i/26)), 1)
		}
		settle(time.Second)
		got := world.got("https://well.lt/")
		if len(got) != 40 || got[39].at.Sub(begin) > time.Second {
			t.Errorf("the one that is well has %d messages", len(got))
		}
		settle(time.Hour)
		if states := r.states(slow) + r.states(down); len(states) != 80 || states[0] != 'p' {
			t.Errorf("deliveries are %s", states)
		}
		// The circuit is open most of the time: without it there were hundreds.
		for _, uri := range []string{"https://slow.lt/", "https://down.lt/"} {
			if n := len(world.got(uri)); n < 5 || n > 20 {
				t.Errorf("%s had %d calls within the hour", uri, n)
			}
		}
		world.set(nil)
		settle(7 * time.Hour)
		for _, name := range []webhook.Name{slow, down, well} {
			for _, d := range r.deliveries(name) {
				if d.GetState() != sharingv1.Delivery_STATE_DELIVERED {
					t.Errorf("%s is %s at the end", d.GetName(), d.GetState())
				}
			}
		}
	})
}

// TestPings has pings that wait for a hub become one.
func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		world.set(func(string) (egress.Answer, error) {
			time.Sleep(5 * time.Second) //nolint:forbidigo // the time of the bubble
			return egress.Answer{Status: 204}, nil
		})
		name, _ := r.endpoint("hub", "https://hub.lt/", hub)
		r.run(world)
		for _, id := range []string{"vienas", "du-du", "trys", "keturi"} {
			r.publish(id, 1)
			settle(100 * time.Millisecond)
		}
		settle(time.Minute)
		if states, n := r.states(name), len(world.got("https://hub.lt/")); states != "DssD" || n != 2 {
			t.Errorf("deliveries are %s after %d pings", states, n)
		}
	})
}
