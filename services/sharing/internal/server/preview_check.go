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
	draft = draft && !seen(article.Resource)
	rendered, err := preview.Render(article, preview.Room{})
	if err != nil {
		return nil, err
	}
	return s.Tools.Checker.Check(appearance.Page{
		Preview: rendered, Summary: article.Summary(), Offset: int64(req.GetHeadOffset()), Draft: draft,
	}), nil
}

// seen reports whether a working copy is what readers see.
func seen(working *articlev1.Article) bool {
	return working.GetState() == articlev1.Article_STATE_PUBLISHED && working.GetRevision() != 0 &&
		working.GetRevision() == working.GetPublishedRevision()
}

// previewed returns an article, or its working copy, with the picture that its
// preview has. What readers do not see yet has no card.
func (s *Server) previewed(ctx context.Context, name string, working bool) (published.Article, error) {
	read := s.public
	if working {
		read = s.Working.Working
	}
	article, err := read(ctx, name)
	if err != nil || working && !seen(article.Resource) {
		return article, err
	}
	if card, ok := s.Cards.Card(ctx, article); ok {
		article.Card = &card
	}
	return article, nil
}
