package server

import (
	"context"
	"encoding/binary"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

// snapshotPage is how many articles of a snapshot are read at a time.
const snapshotPage = 100

// WatchArticles implements the ArticleService. It holds no transaction while it
// sends.
func (s *Server) WatchArticles(req *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	return rpc.UntilEnded(stream.Context(), s.Stopping, func(ctx context.Context, end context.CancelCauseFunc) error {
		leave, err := s.watchers.enter(ctx)
		if err != nil {
			return err
		}
		defer leave()
		w := s.newWatch(ctx, req)
		after, err := w.begin(ctx, req.GetResumeToken())
		if err != nil {
			return err
		}
		// A watcher learns at once that it is connected, however long nothing
		// happens.
		if err := stream.SendHeader(metadata.MD{}); err != nil {
			return err
		}
		w.sender = hub.NewSender(stream, s.Hub, end)
		return w.run(ctx, req.GetResumeToken() == "", after)
	})
}

// run tells the snapshot, if wanted, and what happens after the version.
func (w *watch) run(ctx context.Context, snapshot bool, after uint64) error {
	if snapshot {
		if err := w.snapshot(ctx, after); err != nil {
			return err
		}
	}
	for e, err := range w.Hub.Follow(ctx, w.scope, after, w.watchers.limits.Heartbeat) {
		if err != nil {
			return err
		}
		if err := w.sendEvent(e); err != nil {
			return err
		}
	}
	return nil
}

// watch is one watcher.
type watch struct {
	*Server

	scope    hub.Scope
	binding  page.Binding
	audience string // tokens are good for all watchers of the same one
	sender   *hub.Sender
}

func (s *Server) newWatch(ctx context.Context, req *articlev1.WatchArticlesRequest) *watch {
	scope := req.GetParent()
	if scope == "sites/-" {
		scope = auth.EverySite
	}
	w := &watch{
		Server: s, scope: hub.Scope{Site: req.GetParent()[len("sites/"):]},
		binding: page.Binding{
			Purpose: page.Resume, Class: auth.FromContext(ctx).Class(scope), Site: req.GetParent(),
			Method: articlev1.ArticleService_WatchArticles_FullMethodName, Query: page.Query(req),
		},
	}
	if req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING {
		w.scope.View = hub.Working
	}
	// What else is bound is the same for every token of this method.
	w.audience = fmt.Sprintf("%q %q %x", w.binding.Class, w.binding.Site, w.binding.Query)
	return w
}

// begin returns the version to follow from: that of the token, or for a
// snapshot the newest one, taken before anything is read.
func (w *watch) begin(ctx context.Context, token string) (uint64, error) {
	if token == "" {
		if w.scope.Site != "-" {
			if _, err := w.Store.Site(ctx, w.scope.Site); err != nil {
				return 0, err
			}
		}
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

func (w *watch) token(version uint64) string {
	return w.Sealer.Seal(w.binding, binary.BigEndian.AppendUint64(nil, version))
}

// snapshot tells every article once, page by page.
func (w *watch) snapshot(ctx context.Context, version uint64) error {
	list := w.Store.Projections
	if w.scope.View == hub.Working {
		list = w.Store.Names
	}
	for after := []byte(nil); ; {
		items, err := list(ctx, w.scope.Site, after, snapshotPage)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := w.sendItem(ctx, item); err != nil {
				return err
			}
		}
		if len(items) == 0 {
			return w.sendMark(kindSnapshotEnd, version)
		}
		after = items[len(items)-1].Position
	}
}
