package server

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/page"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	linkhub "github.com/skaitykla/skaitykla/services/sharing/internal/hub"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// WatchShareLinks implements the method of the contract. It holds no transaction
// while it sends.
func (s *Server) WatchShareLinks(req *sharingv1.WatchShareLinksRequest, stream grpc.ServerStreamingServer[sharingv1.WatchShareLinksResponse]) error {
	site, scope, err := watched(req.GetParent())
	if err != nil {
		return err
	}
	return s.Hub.Watch(stream, hub.Watching{
		Scope:       linkhub.Scope(site),
		ResumeToken: req.GetResumeToken(),
		Binding: page.Binding{
			Purpose: page.Resume,
			Class:   auth.FromContext(stream.Context()).Class(scope),
			Site:    req.GetParent(),
			Method:  sharingv1.SharingService_WatchShareLinks_FullMethodName,
			Query:   page.Query(req),
		},
		Sealer:   s.Sealer,
		Snapshot: func(ctx context.Context, send func(proto.Message) error) error { return s.tellLinks(ctx, site, send) },
		Mark:     linkMark,
		Max:      s.MaxWatchers,
		Stopping: s.Stopping,
	})
}

// watched returns the id of the site, "-" for all, and what it is for
// permissions.
func watched(parent string) (site, scope string, err error) {
	if parent == "sites/-" {
		return "-", auth.EverySite, nil
	}
	site, err = published.ParseSite("parent", parent)
	return site, parent, err
}

// tellLinks tells every link of a site once.
func (s *Server) tellLinks(ctx context.Context, site string, send func(proto.Message) error) error {
	for link, err := range s.Store.WalkLinks(ctx, site) {
		if err != nil {
			return err
		}
		if err := send(linkhub.Message(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT, link, s.PublicURI)); err != nil {
			return err
		}
	}
	return nil
}

func linkMark(complete bool, token string) proto.Message {
	kind := sharingv1.WatchShareLinksResponse_KIND_HEARTBEAT
	if complete {
		kind = sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END
	}
	return &sharingv1.WatchShareLinksResponse{Kind: kind, ResumeToken: token}
}
