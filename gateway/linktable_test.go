package gateway_test

import (
	"context"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// linkTable is the short links of a sharing service in memory, and its counts.
type linkTable struct {
	mu       sync.Mutex
	answers  map[string]*sharingv1.ResolveShareLinkResponse
	resolved int
	counted  []*sharingv1.ClickCount
	stopping chan struct{}
}

func newLinkTable() *linkTable {
	return &linkTable{answers: make(map[string]*sharingv1.ResolveShareLinkResponse), stopping: make(chan struct{})}
}

// calls returns how often a link was asked for.
func (l *linkTable) calls() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.resolved
}

// counts returns what was counted.
func (l *linkTable) counts() []*sharingv1.ClickCount {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counted
}

func (s *sharingService) ResolveShareLink(_ context.Context, req *sharingv1.ResolveShareLinkRequest) (*sharingv1.ResolveShareLinkResponse, error) {
	l := s.links
	l.mu.Lock()
	defer l.mu.Unlock()
	l.resolved++
	_, id, _ := strings.Cut(req.GetName(), "/shareLinks/")
	if answer := l.answers[id]; answer != nil {
		return answer, nil
	}
	return nil, fault.NotFound(req.GetName())
}

// WatchShareLinks tells all links and then nothing.
func (s *sharingService) WatchShareLinks(_ *sharingv1.WatchShareLinksRequest, stream grpc.ServerStreamingServer[sharingv1.WatchShareLinksResponse]) error {
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	messages := []*sharingv1.WatchShareLinksResponse{}
	s.links.mu.Lock()
	for _, answer := range s.links.answers {
		if link := answer.GetShareLink(); link != nil {
			messages = append(messages, &sharingv1.WatchShareLinksResponse{
				Kind: sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT, Name: link.GetName(), Site: siteName, ShareLink: link, Uri: answer.GetUri(),
			})
		}
	}
	s.links.mu.Unlock()
	messages = append(messages, &sharingv1.WatchShareLinksResponse{
		Kind: sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END, ResumeToken: "t",
	})
	for _, m := range messages {
		if err := stream.Send(m); err != nil {
			return err
		}
	}
	return rpc.UntilStopping(stream.Context(), s.links.stopping, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
}

func (s *sharingService) CountShareClicks(_ context.Context, req *sharingv1.CountShareClicksRequest) (*sharingv1.CountShareClicksResponse, error) {
	s.links.mu.Lock()
	defer s.links.mu.Unlock()
	s.links.counted = append(s.links.counted, req.GetCounts()...)
	return &sharingv1.CountShareClicksResponse{}, nil
}
