package server

import (
	"context"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// UnpublishArticle implements the ArticleService.
func (s *Server) UnpublishArticle(ctx context.Context, req *articlev1.UnpublishArticleRequest) (*articlev1.Article, error) {
	return s.step(ctx, "UnpublishArticle", auth.ArticlePublish, req, articlev1.WatchArticlesResponse_KIND_UNPUBLISHED,
		article.StepUnpublish, func(a *recordv1.State, _ article.Write) error { return article.Unpublish(a) })
}

// DeleteArticle implements the ArticleService.
func (s *Server) DeleteArticle(ctx context.Context, req *articlev1.DeleteArticleRequest) (*articlev1.Article, error) {
	return s.step(ctx, "DeleteArticle", auth.ArticleDelete, req, articlev1.WatchArticlesResponse_KIND_DELETED,
		article.StepDelete, func(a *recordv1.State, w article.Write) error { return article.Delete(a, w.Time) })
}

// UndeleteArticle implements the ArticleService.
func (s *Server) UndeleteArticle(ctx context.Context, req *articlev1.UndeleteArticleRequest) (*articlev1.Article, error) {
	return s.step(ctx, "UndeleteArticle", auth.ArticleDelete, req, articlev1.WatchArticlesResponse_KIND_UPDATED,
		article.StepUndelete, func(a *recordv1.State, w article.Write) error { return article.Undelete(a, w.Time) })
}

// named is a mutation of what it names, with an etag.
type named interface {
	mutation
	GetName() string
	GetEtag() string
}

// step takes an article to another state that readers see nothing of.
func (s *Server) step(ctx context.Context, method string, permission auth.Permission, req named, kind article.Kind,
	step article.Step, change func(*recordv1.State, article.Write) error,
) (*articlev1.Article, error) {
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, method, n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	return s.changeArticle(ctx, w, n, permission, func(l article.Loaded) (*articlev1.Article, error) {
		if err := article.Allow(l.State, step); err != nil {
			return nil, err
		}
		if err := s.checkEtag(ctx, l, etag); err != nil {
			return nil, err
		}
		after := proto.CloneOf(l.State)
		if err := change(after, w); err != nil {
			return nil, err
		}
		c := article.Change{Write: w, Name: l.Name, Before: l.State, After: after, Kind: kind}
		if l.State.GetPublishedRevision() != 0 {
			c.Withdraw, c.PublicKind = true, kind
		}
		if err := s.Store.Commit(ctx, c); err != nil {
			return nil, err
		}
		l.State = after
		return s.working(ctx, l), nil
	})
}
