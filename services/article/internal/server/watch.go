package server

import (
	"context"
	"encoding/binary"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// snapshotPage is how many articles of a snapshot are read at a time.
const snapshotPage = 100

// WatchArticles implements the ArticleService. It reads the change log at the
// watcher's pace and holds no transaction while it sends.
func (s *Server) WatchArticles(req *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	return rpc.UntilStopping(stream.Context(), s.Stopping, func(ctx context.Context) error {
		leave, err := s.watchers.enter(ctx)
		if err != nil {
			return err
		}
		defer leave()
		w := s.newWatch(ctx, req, stream)
		after, err := w.begin(ctx, req.GetResumeToken())
		if err != nil {
			return err
		}
		// A watcher learns at once that it is connected, however long nothing
		// happens.
		if err := stream.SendHeader(metadata.MD{}); err != nil {
			return err
		}
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
	return w.follow(ctx, after)
}

// watch is one watcher.
type watch struct {
	*Server

	site    string // id or "-"
	public  bool
	binding page.Binding
	stream  grpc.ServerStream
	last    time.Time // when it last heard something
}

func (s *Server) newWatch(ctx context.Context, req *articlev1.WatchArticlesRequest, stream grpc.ServerStream) *watch {
	scope := req.GetParent()
	if scope == "sites/-" {
		scope = auth.EverySite
	}
	return &watch{
		Server: s, site: req.GetParent()[len("sites/"):],
		public: req.GetView() != articlev1.ArticleView_ARTICLE_VIEW_WORKING,
		binding: page.Binding{
			Purpose: page.Resume, Class: auth.FromContext(ctx).Class(scope), Site: req.GetParent(),
			Method: articlev1.ArticleService_WatchArticles_FullMethodName, Query: page.Query(req),
		},
		stream: stream, last: time.Now(),
	}
}

// begin returns the version to follow from: that of the token, or for a
// snapshot the newest one, taken before anything is read.
func (w *watch) begin(ctx context.Context, token string) (uint64, error) {
	if token == "" {
		if w.site != "-" {
			if _, err := w.Store.Site(ctx, w.site); err != nil {
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
	list := w.Store.Names
	if w.public {
		list = w.Store.Projections
	}
	for after := []byte(nil); ; {
		items, err := list(ctx, w.site, after, snapshotPage)
		if err != nil {
			return err
		}
		for _, item := range items {
			if err := w.sendItem(ctx, item); err != nil {
				return err
			}
		}
		if len(items) == 0 {
			break
		}
		after = items[len(items)-1].Position
	}
	return w.send(event{kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, token: w.token(version)})
}

func (w *watch) sendItem(ctx context.Context, item article.Item) error {
	n, ok := w.Store.ParsePosition(item.Position)
	if !ok {
		return fault.Internal(nil, "parse the position of an article")
	}
	e := event{kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT, name: n.String(), article: item.Encoded}
	if !w.public {
		var err error
		if e.article, err = w.current(ctx, n); err != nil || e.article == nil {
			return err // gone since; the feed will tell
		}
	}
	return w.send(e)
}

// follow tells what happens, until the watcher goes away.
func (w *watch) follow(ctx context.Context, after uint64) error {
	for batch, err := range w.Store.Watch(ctx, w.site, after) {
		if err != nil {
			return err
		}
		for i, told := range batch.Told {
			// The token of a change says that everything before it was told,
			// so it cannot stand for a commit that has more to tell.
			through := told.Version
			if i+1 < len(batch.Told) && batch.Told[i+1].Version == told.Version {
				through--
			}
			if err := w.tell(ctx, told, through); err != nil {
				return err
			}
		}
		if time.Since(w.last) < w.watchers.limits.Heartbeat {
			continue
		}
		if err := w.send(event{kind: articlev1.WatchArticlesResponse_KIND_HEARTBEAT, token: w.token(batch.Through)}); err != nil {
			return err
		}
	}
	return nil
}

func (w *watch) tell(ctx context.Context, told article.Told, through uint64) error {
	kind := told.Kind
	if w.public {
		kind = told.PublicKind
	}
	if kind == 0 {
		return nil
	}
	encoded, err := w.current(ctx, told.Name)
	if err != nil {
		return err
	}
	return w.send(event{kind: kind, name: told.Name.String(), article: encoded, token: w.token(through)})
}

// current returns the encoded article as the watcher may see it now; nil when
// there is none.
func (w *watch) current(ctx context.Context, n article.Name) ([]byte, error) {
	var encoded []byte
	var err error
	if w.public {
		encoded, err = w.Store.Projection(ctx, n)
	} else {
		encoded, err = w.encodeWorking(ctx, n)
	}
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, nil
	}
	return encoded, err
}
