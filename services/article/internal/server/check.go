package server

import (
	"context"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// CheckArticle implements the ArticleService.
func (s *Server) CheckArticle(ctx context.Context, req *articlev1.CheckArticleRequest) (*articlev1.CheckArticleResponse, error) {
	if req.GetArticle() != nil {
		m, err := s.given(ctx, req)
		if err != nil {
			return nil, err
		}
		return &articlev1.CheckArticleResponse{Findings: s.Check(m)}, nil
	}
	n, err := article.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	l, err := s.Store.Load(ctx, n, 0)
	if err != nil {
		return nil, err
	}
	m, err := s.manuscript(ctx, l)
	if err != nil {
		return nil, err
	}
	return &articlev1.CheckArticleResponse{Findings: s.Check(m)}, nil
}

// given makes a manuscript of content that is not stored. It is refused where a
// save would be, but an empty title is a finding.
func (s *Server) given(ctx context.Context, req *articlev1.CheckArticleRequest) (article.Manuscript, error) {
	l, err := s.owner(ctx, req.GetName(), req.GetArticle().GetLanguageCode())
	if err != nil {
		return article.Manuscript{}, err
	}
	content, err := cleanArticle(req.GetArticle())
	if err != nil {
		return article.Manuscript{}, err
	}
	content.Annotations, content.Aliases = nil, nil
	if err := article.AssignBlockIDs(content); err != nil {
		return article.Manuscript{}, err
	}
	if err := article.CheckLimits(content); err != nil {
		return article.Manuscript{}, err
	}
	m := article.Manuscript{
		Site: l.Site.GetSite(), LanguageCode: l.State.GetLanguageCode(), Content: content, Waivers: l.State.GetWaivers(),
		Time: now(),
	}
	if names := article.Photos(content); len(names) > 0 {
		if m.Photos, err = s.Photos.Lookup(ctx, m.Site.GetName(), names); err != nil {
			return m, err
		}
	}
	return m, unknownPhotos(content, func(name string) bool { return m.Photos[name] != nil })
}

// owner returns the stored article that the name names, or one that is not
// there yet for "sites/{site}/articles/-".
func (s *Server) owner(ctx context.Context, name, code string) (article.Loaded, error) {
	site, fresh := strings.CutSuffix(name, "/articles/-")
	if !fresh {
		n, err := article.ParseName("name", name)
		if err != nil {
			return article.Loaded{}, err
		}
		return s.Store.Load(ctx, n, 0)
	}
	id, err := article.ParseSite("name", site)
	if err != nil {
		return article.Loaded{}, err
	}
	l := article.Loaded{State: &recordv1.State{}}
	if l.Site, err = s.Store.Site(ctx, id); err != nil {
		return l, err
	}
	l.State.LanguageCode, err = languageFor(l.Site.GetSite(), code)
	return l, err
}
