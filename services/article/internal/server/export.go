package server

import (
	"bytes"
	"context"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/archive"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// exportPage is how many small records are read at a time.
const exportPage = 100

// Histories is what an export reads.
type Histories interface {
	History(ctx context.Context, n article.Name) (article.History, error)
	Slugs(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error)
	Audit(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error)
}

// ExportArticles implements the ArticleService. It holds no transaction while it
// sends.
func (s *Server) ExportArticles(req *articlev1.ExportArticlesRequest, stream grpc.ServerStreamingServer[articlev1.ExportArticlesResponse]) error {
	site, err := article.ParseSite("parent", req.GetParent())
	if err != nil {
		return err
	}
	e := &export{Server: s, site: site, sum: archive.NewSum(), stream: stream}
	return e.run(stream.Context())
}

// export is one export.
type export struct {
	*Server

	site   string
	sum    *archive.Sum
	stream grpc.ServerStreamingServer[articlev1.ExportArticlesResponse]
}

func (e *export) run(ctx context.Context) error {
	site, err := e.Store.Site(ctx, e.site)
	if err != nil {
		return err
	}
	if err := e.send(archive.Site(site)); err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{e.articles, e.slugs, e.audit} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return e.stream.Send(&articlev1.ExportArticlesResponse{Record: e.sum.End()})
}

// send sends a record, unless the service stops: it would have to wait for
// whoever reads.
func (e *export) send(r *articlev1.ArchiveRecord) error {
	select {
	case <-e.Stopping:
		return fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "the service stops; export again later")
	default:
	}
	if err := e.sum.Add(r); err != nil {
		return err
	}
	return e.stream.Send(&articlev1.ExportArticlesResponse{Record: r})
}

func (e *export) articles(ctx context.Context) error {
	return e.pages(func(after []byte) ([]article.Item, error) {
		return e.Store.Names(ctx, e.site, after, exportPage)
	}, func(item article.Item) error {
		n, _ := e.Store.ParsePosition(item.Position)
		return e.article(ctx, n)
	})
}

// article sends an article with what belongs to it. A redaction that was
// interrupted is finished first: what it is to take out must not get out.
func (e *export) article(ctx context.Context, n article.Name) error {
	going, err := e.Store.Redacting(ctx, n)
	if err == nil && going {
		err = e.Store.FinishRedaction(ctx, n)
	}
	if err != nil {
		return err
	}
	h, err := e.Store.History(ctx, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil // purged since
	}
	if err != nil {
		return err
	}
	if err := e.send(archive.Article(h.State, h.Newest.GetArticle())); err != nil {
		return err
	}
	err = h.Revisions(ctx, func(r *recordv1.Revision) error { return e.send(archive.Revision(n, r)) })
	if err != nil {
		return err
	}
	for _, p := range h.Publications {
		if err := e.send(archive.Publication(p)); err != nil {
			return err
		}
	}
	for _, one := range h.Schedules {
		if err := e.send(archive.Schedule(one.Name, one.Record)); err != nil {
			return err
		}
	}
	return nil
}

func (e *export) slugs(ctx context.Context) error {
	return e.pages(func(after []byte) ([]article.Item, error) {
		return e.Store.Slugs(ctx, e.site, after, exportPage)
	}, func(item article.Item) error {
		held := &recordv1.Slug{}
		if err := proto.Unmarshal(item.Encoded, held); err != nil {
			return damagedRow("slug", item, err)
		}
		code, slug, _ := bytes.Cut(item.Position, []byte("/"))
		return e.send(archive.Slug(e.site, string(code), string(slug), held))
	})
}

func (e *export) audit(ctx context.Context) error {
	return e.pages(func(after []byte) ([]article.Item, error) {
		return e.Store.Audit(ctx, e.site, after, exportPage)
	}, func(item article.Item) error {
		event := article.Event{Position: item.Position, Record: &recordv1.Event{}}
		if err := proto.Unmarshal(item.Encoded, event.Record); err != nil {
			return damagedRow("audit event", item, err)
		}
		if archive.Local(event.Record.GetMethod()) {
			return nil
		}
		return e.send(archive.Event(e.site, event))
	})
}

// pages calls fn with all items of a list, reading them page by page.
func (e *export) pages(list func(after []byte) ([]article.Item, error), fn func(article.Item) error) error {
	for after := []byte(nil); ; {
		items, err := list(after)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, item := range items {
			if err := fn(item); err != nil {
				return err
			}
		}
		after = items[len(items)-1].Position
	}
}

func damagedRow(what string, item article.Item, err error) error {
	return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record of the %s %q is damaged; restore the store from a copy", what, item.Position)
}
