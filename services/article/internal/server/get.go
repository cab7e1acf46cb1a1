package server

import (
	"context"

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
