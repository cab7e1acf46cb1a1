package server

import (
	"context"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/fields"
)

// Finder finds articles by their words.
type Finder interface {
	Find(ctx context.Context, q article.Search) (article.Found, error)
}

// SearchArticles implements the ArticleService. The index says which articles
// to look at; what is shown of them, and whether anything is, the store says.
func (s *Server) SearchArticles(ctx context.Context, req *articlev1.SearchArticlesRequest) (*articlev1.SearchArticlesResponse, error) {
	binding := page.Binding{
		Purpose: page.Page, Class: auth.FromContext(ctx).Class(req.GetParent()), Site: req.GetParent(),
		Method: articlev1.ArticleService_SearchArticles_FullMethodName, Query: page.Query(req),
	}
	query, err := s.query(req, binding)
	if err != nil {
		return nil, err
	}
	site, err := s.Store.Site(ctx, query.Site)
	if err != nil {
		return nil, err
	}
	query.Languages = site.GetSite().GetLanguageCodes()
	found, err := s.Find(ctx, query)
	if err != nil {
		return nil, err
	}
	resp := &articlev1.SearchArticlesResponse{TotalSize: int32(found.Total)} //nolint:gosec // articles are fewer
	for _, hit := range found.Hits {
		a, err := s.shown(ctx, hit.Name, query.Working, site.GetSite())
		switch {
		case err != nil:
			return nil, err
		case a == nil:
			resp.TotalSize-- // taken away since it was indexed
			continue
		}
		result := &articlev1.SearchArticlesResponse_Result{Snippets: found.Snippets(a)}
		result.Article = s.Summary(a)
		resp.Results = append(resp.Results, result)
	}
	if query.Working {
		s.resolveResults(ctx, site.GetSite(), resp)
	}
	if found.More {
		resp.NextPageToken = s.Sealer.Seal(binding, []byte(found.Hits[len(found.Hits)-1].Position))
	}
	return resp, nil
}

// query reads a request.
func (s *Server) query(req *articlev1.SearchArticlesRequest, binding page.Binding) (article.Search, error) {
	q := article.Search{Query: req.GetQuery(), Working: req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING}
	var err error
	if q.Site, err = article.ParseSite("parent", req.GetParent()); err != nil {
		return q, err
	}
	if q.Limit, err = page.Size(req.GetPageSize(), list.StandardPage, list.MaxPage); err != nil {
		return q, err
	}
	if q.Order, err = searchOrder(req.GetOrderBy()); err != nil {
		return q, err
	}
	match, err := filter.Parse(req.GetFilter(), fields.Search(q.Working))
	if err != nil {
		return q, err
	}
	if !match.Empty() {
		q.Match = match.Match
	}
	if req.GetPageToken() != "" {
		position, err := s.Sealer.Open(binding, req.GetPageToken())
		if err != nil {
			return q, err
		}
		q.After = string(position)
	}
	return q, nil
}

func searchOrder(text string) (article.SearchOrder, error) {
	switch strings.Join(strings.Fields(text), " ") {
	case "", "relevance desc":
		return article.BestFirst, nil
	case "publish_time desc":
		return article.NewestFirst, nil
	case "publish_time", "publish_time asc":
		return article.OldestFirst, nil
	}
	return 0, fault.Invalid("order_by", faultv1.Reason_REASON_INVALID_ORDER_BY,
		"there is no such order; use relevance desc, publish_time desc or publish_time")
}

// shown returns an article as the view shows it, nil when it does not.
func (s *Server) shown(ctx context.Context, n article.Name, working bool, site *articlev1.Site) (*articlev1.Article, error) {
	if working {
		l, err := s.Store.Load(ctx, n, 0)
		switch {
		case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
			return nil, nil
		case err != nil:
			return nil, err
		case l.State.GetState() == article.Deleted:
			return nil, nil
		}
		return article.Working(l.State, l.Number, l.Revision, site), nil
	}
	encoded, err := s.Store.Projection(ctx, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	a := &articlev1.Article{}
	if err := proto.Unmarshal(encoded, a); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the projection of %s is damaged; restore the store from a copy", n)
	}
	return a, nil
}

func (s *Server) resolveResults(ctx context.Context, site *articlev1.Site, resp *articlev1.SearchArticlesResponse) {
	articles := make([]*articlev1.Article, len(resp.GetResults()))
	for i, r := range resp.GetResults() {
		articles[i] = r.GetArticle()
	}
	s.resolve(ctx, site, articles...)
}
