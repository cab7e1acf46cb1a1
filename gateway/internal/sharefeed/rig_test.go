package sharefeed

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	siteName = "sites/biblioteka"
	article  = siteName + "/articles/kelione"
	code     = "3f7k2m9q"
	words    = "plakatas"
	origin   = "https://biblioteka.example"
)

// service is a sharing service that tells what a test says.
type service struct {
	sharingv1.UnimplementedSharingServiceServer

	mu       sync.Mutex
	answers  map[string]*sharingv1.ResolveShareLinkResponse
	failure  error
	asked    int
	during   func() // while a link is resolved, the answer is made
	tokens   []string
	messages chan *sharingv1.WatchShareLinksResponse
	fails    chan error
}

func newService() *service {
	return &service{
		answers:  make(map[string]*sharingv1.ResolveShareLinkResponse),
		messages: make(chan *sharingv1.WatchShareLinksResponse), fails: make(chan error),
	}
}

func (s *service) ResolveShareLink(_ context.Context, req *sharingv1.ResolveShareLinkRequest) (*sharingv1.ResolveShareLinkResponse, error) {
	s.mu.Lock()
	s.asked++
	answer, during, failure := s.answers[idOf(req.GetName())], s.during, s.failure
	s.mu.Unlock()
	if during != nil {
		during()
	}
	if failure != nil {
		return nil, failure
	}
	if answer == nil {
		return nil, fault.NotFound(req.GetName())
	}
	return answer, nil
}

func (s *service) WatchShareLinks(req *sharingv1.WatchShareLinksRequest, stream grpc.ServerStreamingServer[sharingv1.WatchShareLinksResponse]) error {
	s.mu.Lock()
	s.tokens = append(s.tokens, req.GetResumeToken())
	failure := s.failure
	s.mu.Unlock()
	if failure != nil {
		return failure
	}
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	for {
		select {
		case m := <-s.messages:
			if err := stream.Send(m); err != nil {
				return err
			}
		case err := <-s.fails:
			return err
		case <-stream.Context().Done():
			return stream.Context().Err()
		}
	}
}

func (s *service) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *service) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// message is about a link of the article.
func message(kind sharingv1.WatchShareLinksResponse_Kind, id, path string) *sharingv1.WatchShareLinksResponse {
	m := &sharingv1.WatchShareLinksResponse{
		Kind: kind, Name: siteName + "/shareLinks/" + id, Site: siteName, ResumeToken: "t",
		ShareLink: &sharingv1.ShareLink{
			Name: siteName + "/shareLinks/" + id, Article: article, State: sharingv1.ShareLink_STATE_GONE, Uri: origin + "/s/" + id,
		},
	}
	if path != "" {
		m.Uri, m.ShareLink.State = origin+path, sharingv1.ShareLink_STATE_ACTIVE
	}
	return m
}

func found(id, path string) *sharingv1.ResolveShareLinkResponse {
	m := message(0, id, path)
	state := sharingv1.ResolveShareLinkResponse_STATE_FOUND
	if path == "" {
		state, m.ShareLink.Article = sharingv1.ResolveShareLinkResponse_STATE_GONE, ""
	}
	return &sharingv1.ResolveShareLinkResponse{State: state, ShareLink: m.GetShareLink(), Uri: m.GetUri()}
}

// rig is a feed that follows a service, in a bubble.
type rig struct {
	*service
	t    *testing.T
	feed *Feed
}

func newRig(t *testing.T) *rig {
	t.Helper()
	s := newService()
	server := testkit.Start(t, func(r grpc.ServiceRegistrar) { sharingv1.RegisterSharingServiceServer(r, s) })
	feed, err := New(Config{
		Reader: server.As(auth.Anonymous), Watcher: server.As(auth.Service), Log: testkit.Log(t), MaxLinks: 100,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); feed.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended; feed.links.StopAllGoroutines() })
	return &rig{service: s, t: t, feed: feed}
}

// tell sends messages and waits until they are handled.
func (r *rig) tell(messages ...*sharingv1.WatchShareLinksResponse) {
	r.t.Helper()
	for _, m := range messages {
		r.messages <- m
	}
	synctest.Wait()
}

// begin sends a snapshot of the two links.
func (r *rig) begin() {
	r.t.Helper()
	r.tell(
		message(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT, code, "/kelione"),
		message(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT, words, "/kelione"),
		&sharingv1.WatchShareLinksResponse{Kind: sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END, ResumeToken: "t0"},
	)
}

// leads wants a link to lead to a path, nowhere when that is empty, and to take
// so many calls.
func (r *rig) leads(id, path string, calls int) {
	r.t.Helper()
	before := r.calls()
	link, _, err := r.feed.Find(r.t.Context(), id)
	want := ""
	if path != "" {
		want = origin + path
	}
	if err != nil || link.Location != want {
		r.t.Errorf("%s leads to %+v, %v; want %q", id, link, err, want)
	}
	if got := r.calls() - before; got != calls {
		r.t.Errorf("%s: %d calls, want %d", id, got, calls)
	}
}
