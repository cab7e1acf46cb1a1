package server

import (
	"context"
	"log/slog"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// summarize sets what the check finds in content that is about to be saved, and
// keeps the photos it looked up in l for the answer. Photos that cannot be had
// now are not judged by their own texts. former is the article that the slug is
// being taken over from, if any.
func (s *Server) summarize(ctx context.Context, l *article.Loaded, after *recordv1.State, content *articlev1.Article, former string) {
	site := l.Site.GetSite()
	l.Photos = map[string]*article.Photo{}
	if names := article.Photos(content); len(names) > 0 {
		ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
		defer cancel()
		photos, err := s.Photos.Lookup(ctx, site.GetName(), names)
		if err != nil {
			s.Log.WarnContext(ctx, "photos of a working copy are not checked", slog.Any("error", err))
		} else {
			l.Photos = photos
		}
	}
	after.FindingsSummary = s.Summarize(article.Manuscript{
		Site: site, LanguageCode: after.GetLanguageCode(), Content: content, Photos: l.Photos,
		SlugFormer: former, Waivers: after.GetWaivers(), Time: now(),
	})
}

// slugFormer returns the article that content's slug was, or with takeOver is
// being, taken over from; "" for none.
func (s *Server) slugFormer(ctx context.Context, n article.Name, state *recordv1.State, slug string, takeOver bool) (string, error) {
	held, err := s.Store.Slug(ctx, n.Site, state.GetLanguageCode(), slug)
	if err != nil || held == nil {
		return "", err
	}
	former := held.GetFormerId()
	if !article.Holds(held, n.ID, state.GetUid()) {
		if former = ""; takeOver {
			former = held.GetArticleId()
		}
	}
	if former == "" {
		return "", nil
	}
	return article.Name{Site: n.Site, ID: former}.String(), nil
}
