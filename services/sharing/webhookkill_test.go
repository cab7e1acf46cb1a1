package sharing_test

import (
	"encoding/json"
	"encoding/pem"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/replay"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// TestKillDeliveries kills the service between what a receiver got and the
// record of it, while articles are published and corrected. In the end every
// event arrived, a repeat can be told by its id, and those of one article came in
// order. The receiver is a real one, behind TLS. SKAITYKLA_SOAK makes it 50
// rounds.
func TestKillDeliveries(t *testing.T) {
	rounds := 4
	if os.Getenv("SKAITYKLA_SOAK") != "" {
		rounds = 50
	}
	const seed = 6
	chance := rand.New(rand.NewPCG(seed, seed))
	receiver := newReceiver(t)
	articles := sharingtest.NewArticleService(sharingtest.Site())
	upstream := listen(t)
	serveFeed(t, upstream, articles)
	file := "bolt://" + filepath.Join(t.TempDir(), "sharing.db")
	beginFeed(t, file)
	name := receiver.enlist(t, file)
	env := []string{
		asService + "=1", "SKAITYKLA_SHARING_ADDR=127.0.0.1:0", "SKAITYKLA_SHARING_STORE=" + file,
		"SKAITYKLA_ARTICLE_ADDR=" + upstream.Addr().String(), "SKAITYKLA_MEDIA_ADDR=127.0.0.1:1",
		"SKAITYKLA_WEBHOOK_NETWORKS=127.0.0.0/8", "SKAITYKLA_WEBHOOK_CA_FILE=" + receiver.authority, "SKAITYKLA_WEBHOOK_TIMEOUT=400ms",
	}
	for round := range rounds {
		child := launch(t, env)
		arrived, release := receiver.hold()
		for edition := range 3 {
			articles.Publish(piece("straipsnis-"+string(rune('a'+round%3)), string(rune('a'+round))+string(rune('a'+edition))))
		}
		<-arrived
		if chance.IntN(2) == 0 {
			release() // the answer and the end race each other
		}
		kill(t, child)
		release()
	}
	events := 3 * rounds
	child := launch(t, env)
	receiver.await(t, events)
	awaitDelivered(t, name, file, child.Process, events)
	t.Logf("%d events, %d calls", events, receiver.calls)
	if receiver.calls <= events {
		t.Errorf("%d calls for %d events: nothing was repeated, so nothing was tested", receiver.calls, events)
	}
}

// receiver takes webhooks as docs/webhooks.md says how.
type receiver struct {
	*httptest.Server

	authority string // a PEM file
	verifier  *standardwebhooks.Webhook

	mu      sync.Mutex
	arrived chan struct{} // closed when the next message comes
	held    chan struct{} // which is answered when this is closed
	calls   int
	bodies  map[string]string // by id
	last    map[string]string // the id that was answered last, by article
	taken   map[string]bool
	failed  []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{bodies: make(map[string]string), last: make(map[string]string), taken: make(map[string]bool)}
	r.Server = httptest.NewTLSServer(r)
	t.Cleanup(r.Close)
	r.authority = filepath.Join(t.TempDir(), "ca.pem")
	must(t, os.WriteFile(r.authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Certificate().Raw}), 0o600))
	return r
}

// enlist makes the endpoint of the receiver.
func (r *receiver) enlist(t *testing.T, file string) webhook.Name {
	t.Helper()
	records := openStore(t, file)
	defer func() { must(t, records.Close()) }()
	rows, name, now := store.New(records), webhook.Name{Site: "biblioteka", ID: "kabliukas"}, time.Now()
	_, err := rows.LearnSites(t.Context(), []*articlev1.Site{sharingtest.Site()}, now)
	must(t, err)
	made, err := rows.CreateEndpoint(t.Context(), name, &sharingv1.WebhookEndpoint{
		Name: name.String(), Uid: uuid.NewString(), Uri: r.URL + "/hook", Protocol: sharingv1.WebhookEndpoint_PROTOCOL_WEBHOOK,
		State: sharingv1.WebhookEndpoint_STATE_ACTIVE, CreateTime: timestamppb.New(now),
	}, webhook.NewSecret(), replay.Request{}, now)
	must(t, err)
	r.verifier, err = standardwebhooks.NewWebhook(made.GetSecret())
	must(t, err)
	return name
}

// hold has the next message wait for release before it is answered; arrived is
// closed when it is there.
func (r *receiver) hold() (arrived <-chan struct{}, release func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := make(chan struct{})
	r.arrived, r.held = make(chan struct{}), held
	return r.arrived, sync.OnceFunc(func() { close(held) })
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	if err != nil {
		return // the sender died in the middle
	}
	id := req.Header.Get(webhook.HeaderID)
	var message struct{ Data struct{ Article string } }
	r.mu.Lock()
	r.calls++
	if err := r.verifier.Verify(body, req.Header); err != nil {
		r.failed = append(r.failed, err.Error())
	}
	if err := json.Unmarshal(body, &message); err != nil {
		r.failed = append(r.failed, err.Error())
	}
	if known, seen := r.bodies[id]; seen && known != string(body) {
		r.failed = append(r.failed, id+" came with two bodies")
	}
	r.bodies[id] = string(body)
	if !r.taken[id] && id < r.last[message.Data.Article] {
		r.failed = append(r.failed, id+" came after "+r.last[message.Data.Article])
	}
	r.last[message.Data.Article] = max(r.last[message.Data.Article], id)
	arrived, held := r.arrived, r.held
	r.arrived, r.held = nil, nil
	r.mu.Unlock()
	if held != nil {
		close(arrived)
		<-held
	}
	w.WriteHeader(http.StatusNoContent)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken[id] = true
}

// await waits until so many events have arrived, each whole, signed and in
// order.
func (r *receiver) await(t *testing.T, events int) {
	t.Helper()
	for {
		r.mu.Lock()
		n, failed := len(r.taken), r.failed
		r.mu.Unlock()
		if len(failed) > 0 || n > events {
			t.Fatalf("%d messages for %d events; %v", n, events, failed)
		}
		if n == events {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("%d of %d events arrived", n, events)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// awaitDelivered stops the service and compares its records with what arrived.
// What was under way when it stopped may be pending.
func awaitDelivered(t *testing.T, name webhook.Name, file string, child *os.Process, events int) {
	t.Helper()
	must(t, child.Signal(os.Interrupt))
	_, _ = child.Wait()
	records := openStore(t, file)
	defer func() { must(t, records.Close()) }()
	rows := store.New(records)
	items, err := rows.Deliveries(t.Context(), name, nil, 1000)
	must(t, err)
	states := make(map[sharingv1.Delivery_State]int)
	for _, item := range items {
		states[item.Delivery.GetState()]++
	}
	if len(items) != events || states[sharingv1.Delivery_STATE_DELIVERED] < events-1 {
		t.Errorf("deliveries of %d events are %v", events, states)
	}
	left, err := rows.OutboxEvents(t.Context(), 10)
	must(t, err)
	if len(left) != 0 {
		t.Errorf("events are left: %v", left)
	}
}
