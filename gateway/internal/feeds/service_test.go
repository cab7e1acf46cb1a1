package feeds

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func library() *articlev1.Site {
	return &articlev1.Site{
		Name: "sites/biblioteka", BaseUri: "https://biblioteka.lt", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"},
	}
}

// service makes documents that say what was asked and which text is the newest.
type service struct {
	sharingv1.UnimplementedSharingServiceServer

	text  atomic.Value // string
	calls atomic.Int64
	fail  atomic.Bool
	hold  chan struct{} // when not nil, answers wait for it
}

func (s *service) begin() (string, error) {
	text, _ := s.text.Load().(string)
	s.calls.Add(1)
	if s.hold != nil {
		<-s.hold
	}
	if s.fail.Load() {
		return "", status.Error(codes.Unavailable, "away")
	}
	return text, nil
}

func (s *service) RenderFeed(_ context.Context, req *sharingv1.RenderFeedRequest) (*sharingv1.RenderFeedResponse, error) {
	text, err := s.begin()
	if err != nil {
		return nil, err
	}
	document := fmt.Sprintf("%s %s %q %q %s", req.GetFormat(), req.GetLanguageCode(), req.GetTag(), req.GetArchive(), text)
	return &sharingv1.RenderFeedResponse{
		MimeType: "application/rss+xml", Document: []byte(document), Etag: fmt.Sprintf("e%x", document),
		SelfUri: "https://biblioteka.lt/feed.xml", HubUris: []string{"https://hub.example/", "https://evil.example/>; rel=x"},
	}, nil
}

func (s *service) RenderSitemap(req *sharingv1.RenderSitemapRequest, stream grpc.ServerStreamingServer[sharingv1.RenderSitemapResponse]) error {
	text, err := s.begin()
	if err != nil {
		return err
	}
	for _, chunk := range []string{req.GetKind().String(), " ", req.GetPage(), " ", text} {
		if err := stream.Send(&sharingv1.RenderSitemapResponse{Chunk: []byte(chunk)}); err != nil {
			return err
		}
	}
	return stream.Send(&sharingv1.RenderSitemapResponse{Etag: "of " + req.GetKind().String() + text})
}

// watch is a number that is set by hand.
type watch struct {
	generation atomic.Uint64
	broken     atomic.Bool
}

func (w *watch) Generation(string) (uint64, bool) { return w.generation.Load(), !w.broken.Load() }

// newFeeds returns the documents of a service.
func newFeeds(tb testing.TB, s *service) (*Feeds, *watch) {
	tb.Helper()
	s.text.Store("first")
	server := grpc.NewServer()
	sharingv1.RegisterSharingServiceServer(server, s)
	listener := bufconn.Listen(1 << 20)
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	conn, err := grpc.NewClient("passthrough:///sharing", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = conn.Close()
		server.Stop()
		serving.Wait()
	})
	w := &watch{}
	w.generation.Store(1)
	f, err := New(conn, w)
	if err != nil {
		tb.Fatal(err)
	}
	return f, w
}

// get asks for an address with headers given as pairs.
func get(tb testing.TB, f *Feeds, path string, headers ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	served, err := f.Serve(w, r, library())
	if err != nil || !served {
		tb.Fatalf("%s: served %v, %v", path, served, err)
	}
	return w
}
