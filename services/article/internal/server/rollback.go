package server

import (
	"context"
	"strconv"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// RollbackArticle implements the ArticleService.
func (s *Server) RollbackArticle(ctx context.Context, req *articlev1.RollbackArticleRequest) (*articlev1.Article, error) {
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	number, err := article.ParseRevisionID("revision_id", req.GetRevisionId())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "RollbackArticle", n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	return s.changeArticle(ctx, w, n, auth.ArticleUpdate, func(l article.Loaded) (*articlev1.Article, error) {
		if err := article.Allow(l.State, article.StepSave); err != nil {
			return nil, err
		}
		old, err := s.Store.Load(ctx, n, number)
		if err != nil {
			return nil, err
		}
		return s.rollback(ctx, w, l, old, etag)
	})
}

// rollback saves the content of an old revision, unless it is there already. A
// stale etag is not merged: going back means to exactly that content. Photos of
// it that are gone meanwhile do not stop it; they stop publishing.
func (s *Server) rollback(ctx context.Context, w article.Write, l, old article.Loaded, etag string) (*articlev1.Article, error) {
	next := article.Content(old.Content())
	same := article.Same(next, l.Content())
	_, known := article.RevisionOf(l.State, etag)
	switch {
	case etag != article.Etag(l.State, l.State.GetRevision()) && (!known || !same):
		return nil, s.conflict(ctx, l, etag, func(*articlev1.Article) (*articlev1.Article, error) { return next, nil })
	case same:
		return s.working(ctx, l), nil
	}
	d := draft{name: l.Name, code: l.State.GetLanguageCode(), at: w.Time}
	if err := s.chooseSlug(ctx, d, next, l.Content()); err != nil {
		return nil, err
	}
	if w.Note == "" {
		w.Note = rollbackNote(l.Site.GetSite(), old.Number)
	}
	beside := notes{annotations: l.State.GetAnnotations(), aliases: l.State.GetAliases()}
	if err := s.commitSave(ctx, w, &l, &articlev1.UpdateArticleRequest{}, saved{content: next, notes: beside, changed: true}); err != nil {
		return nil, err
	}
	return s.working(ctx, l), nil
}

// rollbackNote says which revision was gone back to, in the language that the
// library works in.
func rollbackNote(site *articlev1.Site, number int64) string {
	language, ok := lang.For(site.GetDefaultLanguageCode())
	if !ok {
		language = lang.Default()
	}
	return language.Message("revision.rolled_back", "revision", strconv.FormatInt(number, 10))
}
