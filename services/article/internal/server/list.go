package server

import (
	"context"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/fields"
)

// ListArticles implements the ArticleService.
func (s *Server) ListArticles(ctx context.Context, req *articlev1.ListArticlesRequest) (*articlev1.ListArticlesResponse, error) {
	l, err := s.newListing(ctx, req)
	if err != nil {
		return nil, err
	}
	if req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING {
		return l.working(ctx)
	}
	return l.published(ctx)
}

// listing is one page that is being gathered.
type listing struct {
	*Server

	id       string // of the site
	site     *articlev1.Site
	size     int
	match    filter.Filter[*articlev1.Article]
	deleted  bool
	order    order
	wanted   *languages // nil for every version
	binding  page.Binding
	position []byte // where the page begins, then where it stands
}

func (s *Server) newListing(ctx context.Context, req *articlev1.ListArticlesRequest) (*listing, error) {
	id, err := article.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	size, err := page.Size(req.GetPageSize(), list.StandardPage, list.MaxPage)
	if err != nil {
		return nil, err
	}
	working := req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING
	about := fields.Articles()
	if working {
		about = fields.WorkingCopies()
	}
	match, err := filter.Parse(req.GetFilter(), about)
	if err != nil {
		return nil, err
	}
	order, err := parseOrder(req.GetOrderBy(), working)
	if err != nil {
		return nil, err
	}
	l := &listing{
		Server: s, id: id, size: size, match: match, deleted: req.GetShowDeleted(), order: order,
		wanted: wantedLanguages(req.GetLanguageCodes()),
		binding: page.Binding{
			Purpose: page.Page, Class: auth.FromContext(ctx).Class(req.GetParent()), Site: req.GetParent(),
			Method: articlev1.ArticleService_ListArticles_FullMethodName, Query: page.Query(req),
		},
	}
	if req.GetPageToken() != "" {
		if l.position, err = s.Sealer.Open(l.binding, req.GetPageToken()); err != nil {
			return nil, err
		}
	}
	site, err := s.Store.Site(ctx, id)
	if err != nil {
		return nil, err
	}
	l.site = site.GetSite()
	return l, nil
}

// published puts stored summaries together; it decodes them only to filter
// by what the rows of a tag do not say.
func (l *listing) published(ctx context.Context) (*articlev1.ListArticlesResponse, error) {
	var parts [][]byte
	read := l.Store.Newest
	if tag, ok := requiredTag(l.match); ok {
		read = func(ctx context.Context, site string, reach article.Reach) ([]article.Item, error) {
			return l.Store.Tagged(ctx, site, tag, reach)
		}
	}
	more, err := l.gather(ctx, read, func(item article.Item) (bool, error) {
		if ok, err := l.matches(ctx, item); !ok || err != nil {
			return false, err
		}
		head := protowire.AppendTag(nil, listArticles, protowire.BytesType)
		parts = append(parts, protowire.AppendVarint(head, uint64(len(item.Encoded))), item.Encoded)
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	if more {
		tail := protowire.AppendTag(nil, listToken, protowire.BytesType)
		parts = append(parts, protowire.AppendString(tail, l.Sealer.Seal(l.binding, l.position)))
	}
	return rpc.Reply(ctx, &articlev1.ListArticlesResponse{}, parts...)
}

func (l *listing) matches(ctx context.Context, item article.Item) (bool, error) {
	if l.wanted == nil && onlyTag(l.match, item.Tag) {
		return true, nil
	}
	summary := &articlev1.Article{}
	if err := proto.Unmarshal(item.Encoded, summary); err != nil {
		return false, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "a stored summary is damaged; restore the store from a copy")
	}
	if !l.match.Match(summary) {
		return false, nil
	}
	return l.best(ctx, summary, true)
}

// working reads working copies.
func (l *listing) working(ctx context.Context) (*articlev1.ListArticlesResponse, error) {
	resp := &articlev1.ListArticlesResponse{}
	read := l.Store.Created
	if l.order.field == "update_time" {
		read = l.Store.Updated
	}
	more, err := l.gather(ctx, read, func(item article.Item) (bool, error) {
		n := article.Name{Site: l.id, ID: l.Store.PositionID(item.Position)}
		loaded, err := l.Store.Load(ctx, n, 0)
		switch {
		case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
			return false, nil // purged since
		case err != nil:
			return false, err
		case loaded.State.GetState() == article.Deleted && !l.deleted:
			return false, nil
		}
		full := article.Working(loaded.State, loaded.Number, loaded.Revision, l.site)
		if !l.match.Match(full) {
			return false, nil
		}
		if best, err := l.best(ctx, full, false); !best || err != nil {
			return false, err
		}
		resp.Articles = append(resp.Articles, l.Summary(full))
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	l.resolve(ctx, l.site, resp.GetArticles()...)
	if more {
		resp.NextPageToken = l.Sealer.Seal(l.binding, l.position)
	}
	return resp, nil
}

type lister func(ctx context.Context, site string, reach article.Reach) ([]article.Item, error)

// gather takes items until the page is full and reports whether there are
// more; the position is then that of the last item looked at.
func (l *listing) gather(ctx context.Context, read lister, take func(article.Item) (bool, error)) (bool, error) {
	for taken, looked := 0, 0; ; {
		items, err := read(ctx, l.id, article.Reach{After: l.position, Limit: l.size + 1, OldestFirst: l.order.oldestFirst})
		if err != nil {
			return false, err
		}
		if len(items) == 0 {
			return false, nil
		}
		for _, item := range items {
			if taken == l.size || looked == list.ScanLimit {
				return true, nil
			}
			ok, err := take(item)
			if err != nil {
				return false, err
			}
			if ok {
				taken++
			}
			looked++
			l.position = item.Position
		}
	}
}
