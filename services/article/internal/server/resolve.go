package server

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// ResolvePath implements the ArticleService. Case, a slash at the end, percent
// encoding and queries do not matter for what is meant, but only the very
// address is FOUND.
func (s *Server) ResolvePath(ctx context.Context, req *articlev1.ResolvePathRequest) (*articlev1.ResolvePathResponse, error) {
	id, err := article.ParseSite("site", req.GetSite())
	if err != nil {
		return nil, err
	}
	site, err := s.Store.Site(ctx, id)
	if err != nil {
		return nil, err
	}
	missing := fault.NotFound(req.GetSite()).With("path", req.GetPath())
	missing.Message = "nothing ever stood at this path of the site"
	raw, _, _ := strings.Cut(req.GetPath(), "?")
	for _, place := range places(site.GetSite(), raw) {
		held, err := s.Store.Slug(ctx, id, place.code, place.slug)
		if err != nil {
			return nil, err
		}
		if held.GetPublic() {
			n := article.Name{Site: id, ID: held.GetArticleId()}
			return s.resolution(ctx, site.GetSite(), n, place.code, raw)
		}
	}
	return nil, missing
}

// place is a slug in a language.
type place struct{ code, slug string }

// places returns what a path may mean, likeliest first: a path without a
// language may be of the time when another one was the default.
func places(site *articlev1.Site, raw string) []place {
	decoded, err := url.PathUnescape(raw)
	if err != nil {
		return nil
	}
	parts := strings.Split(strings.Trim(strings.ToLower(decoded), "/"), "/")
	switch {
	case len(parts) == 2 && slices.Contains(lang.Codes(), parts[0]) && parts[1] != "":
		return []place{{parts[0], parts[1]}}
	case len(parts) != 1 || parts[0] == "" || len(parts[0]) > 200:
		return nil
	}
	found := []place{{site.GetDefaultLanguageCode(), parts[0]}}
	for _, code := range lang.Codes() {
		if code != site.GetDefaultLanguageCode() {
			found = append(found, place{code, parts[0]})
		}
	}
	return found
}

// resolution tells where an article that once was public stands now.
func (s *Server) resolution(ctx context.Context, site *articlev1.Site, n article.Name, code, raw string) (*articlev1.ResolvePathResponse, error) {
	loaded, err := s.Store.Load(ctx, n, 0)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, err
	}
	resp := &articlev1.ResolvePathResponse{
		Resolution: articlev1.ResolvePathResponse_RESOLUTION_GONE, LanguageCode: code,
	}
	if err != nil || loaded.State.GetPublishedRevision() == 0 {
		if err == nil && auth.Grant(ctx, auth.ArticleReadWorking, site.GetName()) != auth.None {
			resp.Article = n.String()
		}
		return resp, nil
	}
	resp.Article = n.String()
	resp.Path = article.Path(site, code, loaded.State.GetPublicSlug())
	resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_MOVED
	if raw == resp.GetPath() {
		resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_FOUND
	}
	return resp, nil
}
