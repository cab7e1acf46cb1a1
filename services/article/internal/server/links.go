package server

import (
	"context"
	"slices"

	"github.com/skaitykla/skaitykla/internal/address"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// chooseSlug makes a slug when content has none, and else looks whether it may
// have the one it names.
func (s *Server) chooseSlug(ctx context.Context, d draft, content, before *articlev1.Article) (err error) {
	switch {
	case content.GetSlug() == "":
		content.Slug, err = s.Store.FreeSlug(ctx, d.name, d.code, article.Slugs(d.code, content.GetTitle(), d.name.ID, d.at))
	case before != nil && content.GetSlug() == before.GetSlug():
	case article.ReservedSlug(content.GetSlug()):
		err = fault.InvalidField("article.slug", "%q is an address of the suite itself; choose another slug", content.GetSlug())
	case d.takeOver: // the store decides, at once with taking it
	default:
		_, err = s.Store.FreeSlug(ctx, d.name, d.code, slices.Values([]string{content.GetSlug()}))
	}
	return err
}

// mayTakeOver fails unless the caller may take slugs over, if that is wanted.
func mayTakeOver(ctx context.Context, site string, wanted bool) error {
	if wanted && auth.Grant(ctx, auth.ArticleTakeOver, article.SiteName(site)) != auth.All {
		return fault.Denied(string(auth.ArticleTakeOver))
	}
	return nil
}

// lostSlug reports whether the caller wants a slug taken over that the article's
// content has had all along, because another article took it over before.
func (s *Server) lostSlug(ctx context.Context, l article.Loaded, slug string, wanted bool) (bool, error) {
	if !wanted || slug != l.Content().GetSlug() {
		return false, nil
	}
	held, err := s.Store.Slug(ctx, l.Name.Site, l.State.GetLanguageCode(), slug)
	return held != nil && !article.Holds(held, l.Name.ID, l.State.GetUid()), err
}

// hideHolder takes the article that has a slug, an alias or a language of a
// group out of an error, for callers who may not know of it.
func hideHolder(ctx context.Context, site string, err error) error {
	e, ok := fault.Of(err)
	if !ok || e.Metadata["holder"] == "" || auth.Grant(ctx, auth.ArticleReadWorking, article.SiteName(site)) != auth.None {
		return err
	}
	return fault.New(e.Reason, "another article has this; choose something else")
}

// checkAliases fails with ALIAS_TAKEN when an alias that is new is where another
// article stands or stood: slugs come first, so it would never lead anywhere.
// uid is that of n, "" of one that is being made.
func (s *Server) checkAliases(ctx context.Context, site *articlev1.Site, n article.Name, uid string, was, is []string) error {
	if err := article.CheckAliasChanges(was, is); err != nil {
		return err
	}
	for _, alias := range is {
		if slices.Contains(was, alias) {
			continue
		}
		a, err := address.Parse(alias)
		if err != nil {
			return fault.Internal(err, "read an alias that was clean")
		}
		if len(a.Params) > 0 {
			continue
		}
		for place := range places(site, a) {
			held, err := s.Store.Slug(ctx, n.Site, place.LanguageCode, place.Slug)
			if err != nil {
				return err
			}
			if held.GetPublic() && !article.Holds(held, n.ID, uid) {
				return article.AliasTaken(alias, article.Name{Site: n.Site, ID: held.GetArticleId()})
			}
		}
	}
	return nil
}
