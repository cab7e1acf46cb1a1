package server

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// GetArticle implements the ArticleService. What readers see is copied from
// the store to the wire without being decoded.
func (s *Server) GetArticle(ctx context.Context, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	if req.GetReadTime() != nil {
		return s.recall(ctx, n, req)
	}
	if req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING {
		loaded, err := s.Store.Load(ctx, n, 0)
		if err != nil {
			return nil, err
		}
		return s.working(ctx, loaded), nil
	}
	return rpc.ReplyFrom(ctx, &articlev1.Article{}, func(room func(size int) []byte) error {
		return s.Store.CopyProjection(ctx, n, room)
	})
}

// recall returns what readers saw at a time, with photos and translations as
// they are now. Addresses of photos are signed, because these need not be public
// any more.
func (s *Server) recall(ctx context.Context, n article.Name, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
	switch {
	case req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING:
		return nil, fault.InvalidField("read_time", "readers never saw the working copy; leave out the view, or the time")
	case req.GetReadTime().CheckValid() != nil:
		return nil, fault.InvalidField("read_time", "this is not a time between the years 1 and 9999")
	case req.GetReadTime().AsTime().After(time.Now()):
		return nil, fault.InvalidField("read_time", "this lies in the future; give a time that has been")
	}
	l, err := s.Store.LoadPublic(ctx, n, req.GetReadTime().AsTime())
	if err != nil {
		return nil, err
	}
	full := article.Public(l.State, l.Revision, l.Site.GetSite())
	s.resolve(ctx, l.Site.GetSite(), full)
	full.Translations, err = s.translations(ctx, l.Site.GetSite(), n, full.GetTranslationGroup(), true)
	return full, err
}
