package outbox_test

import (
	"context"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/outbox"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// rig is a store that is followed, with a site.
type rig struct {
	*store.Store

	t *testing.T
}

var following = store.Following{Holder: "test"}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func newRig(t *testing.T) *rig {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "sharing.db"), kv.Options{Format: store.Format(), Heartbeat: time.Hour})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	r := &rig{Store: store.New(records), t: t}
	r.follow()
	return r
}

func (r *rig) follow() {
	r.t.Helper()
	must(r.t, r.Follow(r.t.Context(), following.Holder, time.Now()))
	must(r.t, r.CompleteSnapshot(r.t.Context(), following, time.Now()))
	_, err := r.LearnSites(r.t.Context(), []*articlev1.Site{sharingtest.Site()}, time.Now())
	must(r.t, err)
}

// publish has the store learn of a revision of an article.
func (r *rig) publish(id string, revision int64) {
	r.t.Helper()
	a := sharingtest.Short()
	a.Name, a.Uid, a.Path = sharingtest.SiteName+"/articles/"+id, "uid-of-"+id, "/"+id
	a.PublishTime, a.FirstPublicTime = timestamppb.Now(), timestamppb.Now()
	a.PublishedRevision, a.Title = revision, id+" "+time.Now().String()
	r.learn(id, a)
}

func (r *rig) withdraw(id string) {
	r.t.Helper()
	r.learn(id, nil)
}

func (r *rig) learn(id string, a *articlev1.Article) store.Transition {
	r.t.Helper()
	told, err := r.Learn(r.t.Context(), following, store.Event{Name: published.Name{Site: "biblioteka", ID: id}, Article: a}, now())
	must(r.t, err)
	return told
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// endpoint makes one and returns its name and key.
func (r *rig) endpoint(id, uri string, protocol sharingv1.WebhookEndpoint_Protocol, events ...sharingv1.ArticleEvent) (webhook.Name, []byte) {
	r.t.Helper()
	name := webhook.Name{Site: "biblioteka", ID: id}
	key := webhook.NewSecret()
	if protocol == sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB {
		key = nil
	}
	_, err := r.CreateEndpoint(r.t.Context(), name, &sharingv1.WebhookEndpoint{
		Name: name.String(), Uid: uuid.NewString(), Uri: uri, Protocol: protocol, Events: events,
		State: sharingv1.WebhookEndpoint_STATE_ACTIVE, CreateTime: timestamppb.New(now()),
	}, key, replay.Request{}, now())
	must(r.t, err)
	return name, key
}

// deliveries returns those to an endpoint, oldest first.
func (r *rig) deliveries(of webhook.Name) []*sharingv1.Delivery {
	r.t.Helper()
	items, err := r.Deliveries(r.t.Context(), of, nil, 1000)
	must(r.t, err)
	all := make([]*sharingv1.Delivery, len(items))
	for i, item := range items {
		all[len(all)-1-i] = item.Delivery
	}
	return all
}

// states returns the states of deliveries, in short.
func (r *rig) states(of webhook.Name) string {
	r.t.Helper()
	text := ""
	for _, d := range r.deliveries(of) {
		text += map[sharingv1.Delivery_State]string{
			sharingv1.Delivery_STATE_PENDING: "p", sharingv1.Delivery_STATE_DELIVERED: "D",
			sharingv1.Delivery_STATE_FAILED: "F", sharingv1.Delivery_STATE_SKIPPED: "s",
		}[d.GetState()]
	}
	return text
}

// run sends until the test ends or stop is called.
func (r *rig) run(caller outbox.Caller) (stop func()) { return r.runOver(r.Store, caller) }

func (r *rig) runOver(records outbox.Records, caller outbox.Caller) (stop func()) {
	ctx, cancel := context.WithCancel(r.t.Context())
	ended := make(chan struct{})
	o := outbox.New(outbox.Config{Records: records, Caller: caller, Log: testkit.Log(r.t)})
	go func() {
		defer close(ended)
		o.Run(ctx)
	}()
	stop = func() { cancel(); <-ended }
	r.t.Cleanup(stop)
	return stop
}

// call is what a receiver got.
type call struct {
	at     time.Time
	uri    string
	header http.Header
	body   string
}

// receivers answer by their address, for tests in which days pass; the tests of
// package egress and of the service have real ones.
type receivers struct {
	mu     sync.Mutex
	answer func(uri string) (egress.Answer, error)
	calls  []call
}

func (r *receivers) Post(ctx context.Context, uri string, header http.Header, body []byte) (egress.Answer, error) {
	r.mu.Lock()
	r.calls = append(r.calls, call{at: time.Now(), uri: uri, header: header, body: string(body)})
	answer := r.answer
	r.mu.Unlock()
	if answer == nil {
		return egress.Answer{Status: 204}, nil
	}
	if ctx.Err() != nil {
		return egress.Answer{}, &egress.Error{Class: egress.ClassCanceled, Err: ctx.Err()}
	}
	return answer(uri)
}

func (r *receivers) set(answer func(uri string) (egress.Answer, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = answer
}

func (r *receivers) got(uri string) []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []call
	for _, c := range r.calls {
		if c.uri == uri {
			all = append(all, c)
		}
	}
	return all
}

func always(status int) func(string) (egress.Answer, error) {
	return func(string) (egress.Answer, error) { return egress.Answer{Status: status}, nil }
}
