package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	linkhub "github.com/skaitykla/skaitykla/services/sharing/internal/hub"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

const (
	// heartbeat is after what silence a heartbeat is sent; the contract promises
	// one in ten seconds.
	heartbeat = 5 * time.Second
	// watchRetry is what a caller is told to wait for a free place.
	watchRetry = 30 * time.Second
)

type watchStream = grpc.ServerStreamingServer[sharingv1.WatchShareLinksResponse]

// watch is one watcher.
type watch struct {
	*Server

	scope    hub.Scope
	binding  page.Binding
	audience string // tokens are good for all watchers of the same one
	sender   *hub.Sender
}

// WatchShareLinks implements the method of the contract. It holds no transaction
// while it sends.
func (s *Server) WatchShareLinks(req *sharingv1.WatchShareLinksRequest, stream watchStream) error {
	site, err := watchedSite(req.GetParent())
	if err != nil {
		return err
	}
	if s.watchers.Add(1) > s.MaxWatchers {
		s.watchers.Add(-1)
		return fault.New(faultv1.Reason_REASON_TOO_MANY_WATCHERS,
			"%d streams are watching share links; close one or try later", s.MaxWatchers).RetryAfter(watchRetry)
	}
	defer s.watchers.Add(-1)
	return rpc.UntilEnded(stream.Context(), s.Stopping, func(ctx context.Context, end context.CancelCauseFunc) error {
		w := s.newWatch(ctx, site, req)
		after, err := w.begin(ctx, req.GetResumeToken())
		if err != nil {
			return err
		}
		// A watcher learns at once that it is connected, however long nothing
		// happens.
		if err := stream.SendHeader(metadata.MD{}); err != nil {
			return fmt.Errorf("greet a watcher: %w", err)
		}
		w.sender = hub.NewSender(stream, s.Hub, end)
		if req.GetResumeToken() == "" {
			if err := w.snapshot(ctx, after); err != nil {
				return err
			}
		}
		return w.follow(ctx, after)
	})
}

// watchedSite returns the id of the site, "-" for all.
func watchedSite(parent string) (string, error) {
	if parent == everySite {
		return "-", nil
	}
	return published.ParseSite("parent", parent)
}

const everySite = "sites/-"

func (s *Server) newWatch(ctx context.Context, site string, req *sharingv1.WatchShareLinksRequest) *watch {
	scope := req.GetParent()
	if scope == everySite {
		scope = auth.EverySite
	}
	w := &watch{Server: s, scope: linkhub.Scope(site), binding: page.Binding{
		Purpose: page.Resume,
		Class:   auth.FromContext(ctx).Class(scope),
		Site:    req.GetParent(),
		Method:  sharingv1.SharingService_WatchShareLinks_FullMethodName,
		Query:   page.Query(req),
	}}
	// What else is bound is the same for every token of this method.
	w.audience = fmt.Sprintf("%q %q %x", w.binding.Class, w.binding.Site, w.binding.Query)
	return w
}

// begin returns the version to follow from: that of the token, or for a
// snapshot the newest one, taken before anything is read.
func (w *watch) begin(ctx context.Context, token string) (uint64, error) {
	if token == "" {
		return w.Store.Version(ctx)
	}
	position, err := w.Sealer.Open(w.binding, token)
	if err != nil {
		return 0, err
	}
	if len(position) != 8 {
		return 0, fault.Invalid("resume_token", faultv1.Reason_REASON_INVALID_RESUME_TOKEN,
			"this token was not given for this query; watch without it to start again")
	}
	return binary.BigEndian.Uint64(position), nil
}

// snapshot tells every link once, and that this was all.
func (w *watch) snapshot(ctx context.Context, version uint64) error {
	for link, err := range w.Store.WalkLinks(ctx, w.scope.Site) {
		if err != nil {
			return err
		}
		if err := w.send(linkhub.Message(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT, link, w.PublicURI)); err != nil {
			return err
		}
	}
	return w.send(&sharingv1.WatchShareLinksResponse{
		Kind: sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END, ResumeToken: w.token(version),
	})
}

// follow tells what happens after the version until the watcher goes away or is
// sent away.
func (w *watch) follow(ctx context.Context, after uint64) error {
	for e, err := range w.Hub.Follow(ctx, w.scope, after, heartbeat) {
		if err != nil {
			return err
		}
		if e.Frame == nil {
			err = w.send(&sharingv1.WatchShareLinksResponse{Kind: sharingv1.WatchShareLinksResponse_KIND_HEARTBEAT, ResumeToken: w.token(e.Through)})
		} else {
			err = w.sender.Send(e.Frame, e.Token(w.audience, w.token))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// send sends a message that is for this watcher alone.
func (w *watch) send(message *sharingv1.WatchShareLinksResponse) error {
	frame, err := proto.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode for a watcher: %w", err)
	}
	return w.sender.Send(frame)
}

func (w *watch) token(version uint64) string {
	return w.Sealer.Seal(w.binding, binary.BigEndian.AppendUint64(nil, version))
}
