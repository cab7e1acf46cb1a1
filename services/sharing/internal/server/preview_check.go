package server

import (
	"context"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/appearance"
	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// WorkingReader reads working copies with the rights of the caller. Errors are of
// internal/fault.
type WorkingReader interface {
	// Working returns the working copy of an article.
	Working(ctx context.Context, name string) (published.Article, error)
}

// CheckPreview implements the method of the contract.
func (s *Server) CheckPreview(ctx context.Context, req *sharingv1.CheckPreviewRequest) (*sharingv1.CheckPreviewResponse, error) {
	draft := req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING
	article, err := s.previewed(ctx, req.GetArticle(), draft)
	if err != nil {
		return nil, err
	}
	rendered, err := preview.Render(article, preview.Room{})
	if err != nil {
		return nil, err
	}
	return s.Tools.Checker.Check(appearance.Page{
		Preview: rendered, Summary: article.Summary(), Offset: int64(req.GetHeadOffset()), Draft: draft,
	}), nil
}

// previewed returns an article with the picture that its preview has. A draft
// has no card.
func (s *Server) previewed(ctx context.Context, name string, draft bool) (published.Article, error) {
	if draft {
		return s.Working.Working(ctx, name)
	}
	article, err := s.Reader.Article(ctx, name)
	if err != nil {
		return published.Article{}, err
	}
	if card, ok := s.Cards.Card(ctx, article); ok {
		article.Card = &card
	}
	return article, nil
}
