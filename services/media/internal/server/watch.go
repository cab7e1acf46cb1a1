package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

const (
	// heartbeat is after what silence a heartbeat is sent; the store offers
	// one every two seconds, and the contract promises one in ten.
	heartbeat = 5 * time.Second
	// watchRetry is what a caller is told to wait for a free place.
	watchRetry = 30 * time.Second
)

type watchStream = grpc.ServerStreamingServer[mediav1.WatchPhotosResponse]

// watch is one WatchPhotos call.
type watch struct {
	server  *Server
	stream  watchStream
	site    string
	binding page.Binding
	last    time.Time // of the last message
}

// WatchPhotos implements the contract.
func (s *Server) WatchPhotos(req *mediav1.WatchPhotosRequest, stream watchStream) error {
	site, err := photo.ParseParent(req.GetParent())
	if err != nil {
		return err
	}
	if s.watchers.Add(1) > s.MaxWatchers {
		s.watchers.Add(-1)
		return fault.New(faultv1.Reason_REASON_TOO_MANY_WATCHERS,
			"%d streams are watching photos; close one or try later", s.MaxWatchers).RetryAfter(watchRetry)
	}
	defer s.watchers.Add(-1)
	w := &watch{server: s, stream: stream, site: site, binding: page.Binding{
		Purpose: page.Resume,
		Class:   auth.FromContext(stream.Context()).Class(scope(req.GetParent())),
		Site:    req.GetParent(),
		Method:  mediav1.MediaService_WatchPhotos_FullMethodName,
		Query:   page.Query(req),
	}}
	return rpc.UntilStopping(stream.Context(), s.Stopping, func(ctx context.Context) error {
		position, err := w.start(ctx, req.GetResumeToken())
		if err != nil {
			return err
		}
		return w.follow(ctx, position)
	})
}

// start returns the position of the token, or sends a snapshot and returns the
// position to follow it from.
func (w *watch) start(ctx context.Context, token string) (store.Position, error) {
	if token != "" {
		data, err := w.server.Sealer.Open(w.binding, token)
		if err != nil {
			return 0, err
		}
		if len(data) != 8 {
			return 0, fault.Invalid("resume_token", faultv1.Reason_REASON_INVALID_RESUME_TOKEN,
				"this token was not given for this query; watch without it to start again")
		}
		return store.Position(binary.BigEndian.Uint64(data)), nil
	}
	position, err := w.server.Store.Now(ctx)
	if err != nil {
		return 0, err
	}
	for p, err := range w.server.Store.Walk(ctx, w.site) {
		if err != nil {
			return 0, err
		}
		photo.Judge(p, now())
		err := w.send(&mediav1.WatchPhotosResponse{
			Kind: mediav1.WatchPhotosResponse_KIND_SNAPSHOT, Name: p.GetName(), Photo: p,
		})
		if err != nil {
			return 0, err
		}
	}
	return position, w.send(&mediav1.WatchPhotosResponse{
		Kind: mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END, ResumeToken: w.token(position),
	})
}

// follow sends what happens after a position until the caller goes away.
func (w *watch) follow(ctx context.Context, after store.Position) error {
	for event, err := range w.server.Store.Watch(ctx, w.site, after) {
		if err != nil {
			return err
		}
		if event.Photo == nil && time.Since(w.last) < heartbeat {
			continue
		}
		message, err := w.message(ctx, event)
		if err != nil {
			return err
		}
		if err := w.send(message); err != nil {
			return err
		}
	}
	return nil
}

// message tells of an event, or that nothing happened.
func (w *watch) message(ctx context.Context, event store.Event) (*mediav1.WatchPhotosResponse, error) {
	message := &mediav1.WatchPhotosResponse{
		Kind: mediav1.WatchPhotosResponse_KIND_HEARTBEAT, Name: event.Photo.GetName(), Photo: event.Photo, ResumeToken: w.token(event.Position),
	}
	if event.Photo == nil {
		return message, nil
	}
	photo.Judge(event.Photo, now())
	switch {
	case event.Created:
		message.Kind = mediav1.WatchPhotosResponse_KIND_CREATED
	case event.Expired:
		message.Kind = mediav1.WatchPhotosResponse_KIND_EXPIRED
		name, err := photo.ParseName("name", event.Photo.GetName())
		if err != nil {
			return nil, err
		}
		if message.Articles, err = w.server.Store.Affected(ctx, name); err != nil {
			return nil, err
		}
	default:
		message.Kind = mediav1.WatchPhotosResponse_KIND_UPDATED
	}
	return message, nil
}

func (w *watch) send(message *mediav1.WatchPhotosResponse) error {
	w.last = time.Now()
	if err := w.stream.Send(message); err != nil {
		return fmt.Errorf("send to a watcher: %w", err)
	}
	return nil
}

func (w *watch) token(position store.Position) string {
	return w.server.Sealer.Seal(w.binding, binary.BigEndian.AppendUint64(nil, uint64(position)))
}

// scope returns the site that a parent names for permissions.
func scope(parent string) string {
	if parent == "sites/-" {
		return auth.EverySite
	}
	return parent
}
