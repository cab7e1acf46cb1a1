package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// SubmitArticle implements the ArticleService.
func (s *Server) SubmitArticle(ctx context.Context, req *articlev1.SubmitArticleRequest) (*articlev1.Article, error) {
	return s.step(ctx, "SubmitArticle", auth.ArticleUpdate, req, articlev1.WatchArticlesResponse_KIND_UPDATED,
		article.StepSubmit, func(a *recordv1.State, w article.Write) error {
			return article.Submit(a, w.Principal, w.Note, w.Time)
		})
}

// ReturnArticle implements the ArticleService.
func (s *Server) ReturnArticle(ctx context.Context, req *articlev1.ReturnArticleRequest) (*articlev1.Article, error) {
	return s.step(ctx, "ReturnArticle", auth.ArticleReview, req, articlev1.WatchArticlesResponse_KIND_UPDATED,
		article.StepReturn, func(a *recordv1.State, w article.Write) error {
			return article.Return(a, w.Principal, w.Note, w.Time)
		})
}
