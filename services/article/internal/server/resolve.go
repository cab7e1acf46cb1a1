package server

import (
	"context"
	"fmt"
	"iter"
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
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// resolvedContent is the number of ResolvePathResponse.content.
const resolvedContent = 5

// ResolvePath implements the ArticleService. Case, a slash at the end, percent
// encoding and queries do not matter for what is meant, but only the very
// address is FOUND. Slugs come first, then the aliases of articles, then the
// path rules of the site. All is read from one state of the store, and what
// readers see is copied from there to the wire.
func (s *Server) ResolvePath(ctx context.Context, req *articlev1.ResolvePathRequest) (*articlev1.ResolvePathResponse, error) {
	id, err := article.ParseSite("site", req.GetSite())
	if err != nil {
		return nil, err
	}
	return rpc.ReplyFrom(ctx, &articlev1.ResolvePathResponse{}, func(room func(size int) []byte) error {
		return s.Store.Addresses(ctx, id, func(a article.Addresses) error {
			r := &resolver{Server: s, Addresses: a, id: id, site: a.Site().GetSite(), asked: req.GetPath()}
			r.raw, _, _ = strings.Cut(r.asked, "?")
			found, err := r.resolve(ctx)
			if err != nil {
				return err
			}
			return r.reply(found, req.GetIncludeContent(), room)
		})
	})
}

// resolver looks for what stands at one address.
type resolver struct {
	*Server
	article.Addresses

	id    string // of the site
	site  *articlev1.Site
	asked string // the path and query as they were asked for
	raw   string // the path alone
}

// reply encodes what was found, if it is wanted and FOUND together with the
// stored article.
func (r *resolver) reply(found *articlev1.ResolvePathResponse, content bool, room func(size int) []byte) error {
	head, err := proto.Marshal(found)
	if err != nil {
		return fmt.Errorf("encode what stands at an address: %w", err)
	}
	if !content || found.GetResolution() != articlev1.ResolvePathResponse_RESOLUTION_FOUND {
		copy(room(len(head)), head)
		return nil
	}
	n, err := article.ParseName("article", found.GetArticle())
	if err != nil {
		return err
	}
	head = protowire.AppendTag(head, resolvedContent, protowire.BytesType)
	return r.CopyProjection(n.ID, func(size int) []byte {
		prefix := protowire.AppendVarint(head, uint64(size)) //nolint:gosec // never negative
		whole := room(len(prefix) + size)
		copy(whole, prefix)
		return whole[len(prefix):]
	})
}

// resolve returns what stands at the address, or RESOURCE_NOT_FOUND.
func (r *resolver) resolve(ctx context.Context) (*articlev1.ResolvePathResponse, error) {
	path, err := address.Parse(r.raw)
	if err != nil {
		return nil, r.missing()
	}
	for place := range places(r.site, path) {
		if found, err := r.bySlug(ctx, place); found != nil || err != nil {
			return found, err
		}
	}
	asked, err := address.Parse(r.asked)
	if err != nil {
		asked = path // a query that is none says nothing
	}
	if found, err := r.byAlias(ctx, asked.String(), path.String()); found != nil || err != nil {
		return found, err
	}
	for _, place := range r.rules.of(r.id, r.Site()).Places(asked) {
		found, err := r.bySlug(ctx, place)
		if found == nil && err == nil {
			// The old system may have had another slug, which was kept alone.
			found, err = r.byAlias(ctx, article.Path(r.site, place.LanguageCode, place.Slug))
		}
		if found != nil || err != nil {
			return found, err
		}
	}
	return nil, r.missing()
}

func (r *resolver) missing() error {
	missing := fault.NotFound(article.SiteName(r.id)).With("path", r.asked)
	missing.Message = "nothing ever stood at this path of the site"
	return missing
}

// places yields what a path may mean, likeliest first: a path without a
// language may be of the time when another one was the default.
func places(site *articlev1.Site, path address.Address) iter.Seq[article.Place] {
	return func(yield func(article.Place) bool) {
		parts := path.Segments
		switch {
		case len(parts) == 2 && slices.Contains(lang.Codes(), parts[0]):
			yield(article.Place{LanguageCode: parts[0], Slug: parts[1]})
			return
		case len(parts) != 1 || !yield(article.Place{LanguageCode: site.GetDefaultLanguageCode(), Slug: parts[0]}):
			return
		}
		for _, code := range lang.Codes() {
			if code != site.GetDefaultLanguageCode() && !yield(article.Place{LanguageCode: code, Slug: parts[0]}) {
				return
			}
		}
	}
}

// bySlug returns what stands, or stood, at a place that was ever public; nil for
// none.
func (r *resolver) bySlug(ctx context.Context, place article.Place) (*articlev1.ResolvePathResponse, error) {
	if len(place.Slug) > lang.MaxSlug {
		return nil, nil //nolint:nilnil // nothing there is no error
	}
	id, standing, err := r.Slug(place.LanguageCode, place.Slug)
	if err != nil || id == "" {
		return nil, err
	}
	return r.resolution(ctx, id, standing, place.LanguageCode), nil
}

// byAlias returns where the first of aliases leads that an article has which
// ever was public; nil for none.
func (r *resolver) byAlias(ctx context.Context, aliases ...string) (*articlev1.ResolvePathResponse, error) {
	for _, alias := range slices.Compact(aliases) {
		id, standing, err := r.Alias(alias)
		switch {
		case err != nil:
			return nil, err
		case standing.GetFirstPublicTime() == nil:
			continue // or there is none, or it was purged since
		}
		return r.resolution(ctx, id, standing, standing.GetLanguageCode()), nil
	}
	return nil, nil //nolint:nilnil // nothing there is no error
}

// resolution tells where an article that once was public stands now; nil for
// standing says that it is gone for good.
func (r *resolver) resolution(ctx context.Context, id string, standing *recordv1.Standing, code string) *articlev1.ResolvePathResponse {
	n := article.Name{Site: r.id, ID: id}
	resp := &articlev1.ResolvePathResponse{
		Resolution: articlev1.ResolvePathResponse_RESOLUTION_GONE, LanguageCode: code,
	}
	if standing.GetPublishedRevision() == 0 {
		if standing != nil && auth.Grant(ctx, auth.ArticleReadWorking, r.site.GetName()) != auth.None {
			resp.Article = n.String()
		}
		return resp
	}
	resp.Article = n.String()
	resp.Path = article.Path(r.site, code, standing.GetPublicSlug())
	resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_MOVED
	if r.raw == resp.GetPath() {
		resp.Resolution = articlev1.ResolvePathResponse_RESOLUTION_FOUND
	}
	return resp
}
