package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// writeTimeout is how long one event may take to leave; a reader slower than
// that is cut off and resumes with its last token.
const writeTimeout = 30 * time.Second

// headerForwarded names the machines a call came through.
const headerForwarded = "x-forwarded-for"

// isStream reports whether r asks for a stream: a watch, which has no end, or an
// export, which may take long.
func isStream(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, ":watch") || strings.HasSuffix(r.URL.Path, ":export")
}

// event is a message of a stream, or why the stream ended.
type event struct {
	message proto.Message
	token   string
	err     error
}

// receive returns the next event; it blocks.
type receive func() event

// opener starts a stream for a parent with the parameters of r.
type opener func(ctx context.Context, r *http.Request, parent string) (receive, error)

// registerWatches puts our own handlers before the generated ones, which know
// neither server-sent events nor heartbeats and hold back their headers.
func registerWatches(mux *runtime.ServeMux, config Config) error {
	articles, photos := articlev1.NewArticleServiceClient(config.Article), mediav1.NewMediaServiceClient(config.Media)
	watches := map[string]opener{
		"/v1/{parent=sites/*}/articles:watch":   openArticles(articles),
		"/v1/{parent=sites/*}/photos:watch":     openPhotos(photos),
		"/v1/{parent=sites/*}/shareLinks:watch": openShareLinks(sharingv1.NewSharingServiceClient(config.Sharing)),
		"/v1/{parent=sites/*}/articles:export":  openExport(articles),
	}
	for pattern, open := range watches {
		handler := func(w http.ResponseWriter, r *http.Request, params map[string]string) {
			serveWatch(config, w, r, func(ctx context.Context) (receive, error) { return open(ctx, r, params["parent"]) })
		}
		if err := mux.HandlePath(http.MethodGet, pattern, handler); err != nil {
			return fmt.Errorf("register %s: %w", pattern, err)
		}
	}
	return nil
}

func openArticles(client articlev1.ArticleServiceClient) opener {
	return func(ctx context.Context, r *http.Request, parent string) (receive, error) {
		req := &articlev1.WatchArticlesRequest{Parent: parent}
		if err := watchQuery(req, r); err != nil {
			return nil, err
		}
		if id := r.Header.Get(lastEventID); id != "" {
			req.ResumeToken = id
		}
		stream, err := client.WatchArticles(ctx, req)
		if err != nil {
			return nil, err
		}
		return func() event {
			m, err := stream.Recv()
			return event{m, m.GetResumeToken(), err}
		}, nil
	}
}

func openPhotos(client mediav1.MediaServiceClient) opener {
	return func(ctx context.Context, r *http.Request, parent string) (receive, error) {
		req := &mediav1.WatchPhotosRequest{Parent: parent}
		if err := watchQuery(req, r); err != nil {
			return nil, err
		}
		if id := r.Header.Get(lastEventID); id != "" {
			req.ResumeToken = id
		}
		stream, err := client.WatchPhotos(ctx, req)
		if err != nil {
			return nil, err
		}
		return func() event {
			m, err := stream.Recv()
			return event{m, m.GetResumeToken(), err}
		}, nil
	}
}

// openExport streams an export as a watch that ends: a line for each record.
func openExport(client articlev1.ArticleServiceClient) opener {
	return func(ctx context.Context, r *http.Request, parent string) (receive, error) {
		req := &articlev1.ExportArticlesRequest{Parent: parent}
		if err := watchQuery(req, r); err != nil {
			return nil, err
		}
		stream, err := client.ExportArticles(ctx, req)
		if err != nil {
			return nil, err
		}
		return func() event {
			m, err := stream.Recv()
			return event{message: m, err: err}
		}, nil
	}
}

// watchQuery reads the query of r into the request, except for its parent.
func watchQuery(req proto.Message, r *http.Request) error {
	filter := utilities.NewDoubleArray([][]string{{"parent"}})
	if err := runtime.PopulateQueryParameters(req, r.URL.Query(), filter); err != nil {
		return typed(r, status.Error(codes.InvalidArgument, err.Error()))
	}
	return nil
}

// serveWatch streams what open gives until one side goes away or the server
// closes.
func serveWatch(config Config, w http.ResponseWriter, r *http.Request, open func(context.Context) (receive, error)) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	next, err := open(metadata.AppendToOutgoingContext(reply.Outgoing(ctx, r), headerForwarded, forwardedFor(r)))
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	events := pump(ctx, next)
	out := newFrames(w, r)
	select {
	case e := <-events:
		if e.err != nil && !out.mustTell(e.err) {
			reply.Error(w, r, e.err)
			return
		}
		if out.begin() != nil || out.send(e) != nil || e.err != nil {
			return
		}
	case <-time.After(config.Patience):
		if out.begin() != nil {
			return
		}
	case <-ctx.Done():
		return
	}
	relay(ctx, config, out, events)
}

// forwardedFor returns whom this call is made for, as the library says it of
// all other calls: what trusted proxies say, and who is at the other end. The
// article service limits watchers by address.
func forwardedFor(r *http.Request) string {
	hops := slices.Clone(r.Header.Values("X-Forwarded-For"))
	if at, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		hops = append(hops, at.Addr().Unmap().String())
	}
	hops = slices.DeleteFunc(hops, func(hop string) bool { return !reply.Printable(hop) })
	return strings.Join(hops, ", ")
}

// relay sends events, and a sign of life when there are none.
func relay(ctx context.Context, config Config, out *frames, events <-chan event) {
	heartbeat := time.NewTicker(config.Heartbeat)
	defer heartbeat.Stop()
	for {
		var err error
		select {
		case e := <-events:
			if err = out.send(e); err == nil && e.err != nil {
				return
			}
		case <-heartbeat.C:
			err = out.beat()
		case <-config.Closing:
			return
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// pump receives in the background, so that waiting for an event does not stop
// heartbeats. The last event is the one with an error.
func pump(ctx context.Context, next receive) <-chan event {
	events := make(chan event)
	go func() {
		for {
			e := next()
			select {
			case events <- e:
			case <-ctx.Done():
				return
			}
			if e.err != nil {
				return
			}
		}
	}()
	return events
}
