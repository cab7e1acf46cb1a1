package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/address"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// resolvedContent is the number of ResolvePathResponse.content.
const resolvedContent = 5

// ResolvePath implements the ArticleService. Case, a slash at the end, percent
// encoding and queries do not matter for what is meant, but only the very
// address is FOUND. Slugs come first, then the aliases of articles, then the
// path rules of the site.
func (s *Server) ResolvePath(ctx context.Context, req *articlev1.ResolvePathRequest) (*articlev1.ResolvePathResponse, error) {
	for tries := 1; ; tries++ {
		found, err := s.resolvePath(ctx, req)
		if err != nil || !req.GetIncludeContent() || found.GetResolution() != articlev1.ResolvePathResponse_RESOLUTION_FOUND {
			return found, err
		}
		whole, err := s.withContent(ctx, found)
		if tries == attempts || !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return whole, err
		}
		// It was taken away meanwhile.
	}
}

// withContent replies what was found together with the stored article.
func (s *Server) withContent(ctx context.Context, found *articlev1.ResolvePathResponse) (*articlev1.ResolvePathResponse, error) {
	n, err := article.ParseName("article", found.GetArticle())
	if err != nil {
		return nil, err
	}
	head, err := proto.Marshal(found)
	if err != nil {
		return nil, fmt.Errorf("encode what stands at an address: %w", err)
	}
	head = protowire.AppendTag(head, resolvedContent, protowire.BytesType)
	return rpc.ReplyFrom(ctx, &articlev1.ResolvePathResponse{}, func(room func(size int) []byte) error {
		return s.Store.CopyProjection(ctx, n, func(size int) []byte {
			prefix := protowire.AppendVarint(slices.Clip(head), uint64(size)) //nolint:gosec // never negative
			whole := room(len(prefix) + size)
			copy(whole, prefix)
			return whole[len(prefix):]
		})
	})
}

func (s *Server) resolvePath(ctx context.Context, req *articlev1.ResolvePathRequest) (*articlev1.ResolvePathResponse, error) {
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
		n, state, err := r.Store.Standing(ctx, r.id, place.LanguageCode, place.Slug)
		if err != nil {
			return nil, err
		}
		if n.ID != "" {
			return r.resolution(ctx, n, state, place.LanguageCode), nil
		}
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
		return r.resolution(ctx, n, state, state.GetLanguageCode()), nil
	}
	return nil, nil //nolint:nilnil // nothing there is no error
}

// resolution tells where an article that once was public stands now. Its state
// is nil when it is gone for good.
func (r *resolver) resolution(ctx context.Context, n article.Name, state *recordv1.State, code string) *articlev1.ResolvePathResponse {
	resp := &articlev1.ResolvePathResponse{
		Resolution: articlev1.ResolvePathResponse_RESOLUTION_GONE, LanguageCode: code,
	}
	if state.GetPublishedRevision() == 0 {
		if state != nil && auth.Grant(ctx, auth.ArticleReadWorking, r.site.GetName()) != auth.None {
			resp.Article = n.String()
		}
		return resp
	}
	resp.Article = n.String()
	resp.Path = article.Path(r.site, code, state.GetPublicSlug())
	resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_MOVED
	if r.raw == resp.GetPath() {
		resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_FOUND
	}
	return resp
}
