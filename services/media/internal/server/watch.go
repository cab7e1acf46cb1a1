package server

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/page"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	photohub "github.com/skaitykla/skaitykla/services/media/internal/hub"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// WatchPhotos implements the contract. It holds no transaction while it sends.
func (s *Server) WatchPhotos(req *mediav1.WatchPhotosRequest, stream grpc.ServerStreamingServer[mediav1.WatchPhotosResponse]) error {
	site, err := photo.ParseParent(req.GetParent())
	if err != nil {
		return err
	}
	return s.Hub.Watch(stream, hub.Watching{
		Scope:       photohub.Scope(site),
		ResumeToken: req.GetResumeToken(),
		Binding: page.Binding{
			Purpose: page.Resume,
			Class:   auth.FromContext(stream.Context()).Class(scope(req.GetParent())),
			Site:    req.GetParent(),
			Method:  mediav1.MediaService_WatchPhotos_FullMethodName,
			Query:   page.Query(req),
		},
		Sealer:   s.Sealer,
		Snapshot: func(ctx context.Context, send func(proto.Message) error) error { return s.tellPhotos(ctx, site, send) },
		Mark:     photoMark,
		Max:      s.MaxWatchers,
		Stopping: s.Stopping,
	})
}

// tellPhotos tells every photo of a site once.
func (s *Server) tellPhotos(ctx context.Context, site string, send func(proto.Message) error) error {
	for p, err := range s.Store.Walk(ctx, site) {
		if err != nil {
			return err
		}
		photo.Judge(p, now())
		err := send(&mediav1.WatchPhotosResponse{Kind: mediav1.WatchPhotosResponse_KIND_SNAPSHOT, Name: p.GetName(), Photo: p})
		if err != nil {
			return err
		}
	}
	return nil
}

func photoMark(complete bool, token string) proto.Message {
	kind := mediav1.WatchPhotosResponse_KIND_HEARTBEAT
	if complete {
		kind = mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END
	}
	return &mediav1.WatchPhotosResponse{Kind: kind, ResumeToken: token}
}

// scope returns the site that a parent names for permissions.
func scope(parent string) string {
	if parent == "sites/-" {
		return auth.EverySite
	}
	return parent
}
