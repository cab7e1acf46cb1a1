package server

import (
	"context"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/address"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// ResolvePath implements the ArticleService. Case, a slash at the end, percent
// encoding and queries do not matter for what is meant, but only the very
// address is FOUND. Slugs come first, then the aliases of articles, then the
// path rules of the site.
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
	path, err := address.Parse(raw)
	if err != nil {
		return nil, missing
	}
	r := &resolver{Server: s, id: id, site: site.GetSite(), raw: raw}
	if found, err := r.bySlug(ctx, places(r.site, path)); found != nil || err != nil {
		return found, err
	}
	asked, err := address.Parse(req.GetPath())
	if err != nil {
		asked = path // a query that is none says nothing
	}
	if found, err := r.byAlias(ctx, asked.String(), path.String()); found != nil || err != nil {
		return found, err
	}
	for _, place := range s.rules.of(id, site).Places(asked) {
		found, err := r.bySlug(ctx, []article.Place{place})
		if found == nil && err == nil {
			// The old system may have had another slug, which was kept alone.
			found, err = r.byAlias(ctx, article.Path(r.site, place.LanguageCode, place.Slug))
		}
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, missing
}

// resolver looks for what stands at one address.
type resolver struct {
	*Server

	id   string // of the site
	site *articlev1.Site
	raw  string // the path as it was asked for
}

// places returns what a path may mean, likeliest first: a path without a
// language may be of the time when another one was the default.
func places(site *articlev1.Site, path address.Address) []article.Place {
	parts := path.Segments
	switch {
	case len(parts) == 2 && slices.Contains(lang.Codes(), parts[0]):
		return []article.Place{{LanguageCode: parts[0], Slug: parts[1]}}
	case len(parts) != 1:
		return nil
	}
	found := []article.Place{{LanguageCode: site.GetDefaultLanguageCode(), Slug: parts[0]}}
	for _, code := range lang.Codes() {
		if code != site.GetDefaultLanguageCode() {
			found = append(found, article.Place{LanguageCode: code, Slug: parts[0]})
		}
	}
	return found
}

// bySlug returns what stands, or stood, at the first of places that was ever
// public; nil for none.
func (r *resolver) bySlug(ctx context.Context, places []article.Place) (*articlev1.ResolvePathResponse, error) {
	for _, place := range places {
		if len(place.Slug) > lang.MaxSlug {
			continue
		}
		held, err := r.Store.Slug(ctx, r.id, place.LanguageCode, place.Slug)
		if err != nil {
			return nil, err
		}
		if !held.GetPublic() {
			continue
		}
		n := article.Name{Site: r.id, ID: held.GetArticleId()}
		if held.GetFormerId() != "" {
			n.ID = held.GetFormerId() // taken over, but not published there yet
		}
		return r.resolution(ctx, n, place.LanguageCode)
	}
	return nil, nil //nolint:nilnil // nothing there is no error
}

// byAlias returns where the first of aliases leads that an article has which
// ever was public; nil for none.
func (r *resolver) byAlias(ctx context.Context, aliases ...string) (*articlev1.ResolvePathResponse, error) {
	for _, alias := range slices.Compact(aliases) {
		id, err := r.Store.Alias(ctx, r.id, alias)
		if err != nil {
			return nil, err
		}
		if id == "" {
			continue
		}
		n := article.Name{Site: r.id, ID: id}
		state, err := r.Store.State(ctx, n)
		switch {
		case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
			continue // purged since
		case err != nil:
			return nil, err
		case state.GetFirstPublicTime() == nil:
			continue
		}
		return r.resolution(ctx, n, state.GetLanguageCode())
	}
	return nil, nil //nolint:nilnil // nothing there is no error
}

// resolution tells where an article that once was public stands now.
func (r *resolver) resolution(ctx context.Context, n article.Name, code string) (*articlev1.ResolvePathResponse, error) {
	state, err := r.Store.State(ctx, n)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, err
	}
	resp := &articlev1.ResolvePathResponse{
		Resolution: articlev1.ResolvePathResponse_RESOLUTION_GONE, LanguageCode: code,
	}
	if err != nil || state.GetPublishedRevision() == 0 {
		if err == nil && auth.Grant(ctx, auth.ArticleReadWorking, r.site.GetName()) != auth.None {
			resp.Article = n.String()
		}
		return resp, nil
	}
	resp.Article = n.String()
	resp.Path = article.Path(r.site, code, state.GetPublicSlug())
	resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_MOVED
	if r.raw == resp.GetPath() {
		resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_FOUND
	}
	return resp, nil
}
