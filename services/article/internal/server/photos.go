package server

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// resolveTimeout is how long a read waits for the photos of a working copy.
const resolveTimeout = 2 * time.Second

// working returns the working view of an article with its photos, as far as
// they can be had now, and its translations.
func (s *Server) working(ctx context.Context, l article.Loaded) *articlev1.Article {
	site := l.Site.GetSite()
	full := article.Working(l.State, l.Number, l.Revision, site)
	if l.Photos == nil {
		s.resolve(ctx, site, full)
		return full
	}
	s.join(ctx, site, full)
	s.Resolve(article.Manuscript{Site: site, LanguageCode: full.GetLanguageCode(), Content: full, Photos: l.Photos}, false)
	return full
}

// join fills in the other language versions of a working copy.
func (s *Server) join(ctx context.Context, site *articlev1.Site, a *articlev1.Article) {
	n, err := article.ParseName("name", a.GetName())
	if err == nil {
		a.Translations, err = s.translations(ctx, site, n, a.GetTranslationGroup(), false)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "translations of a working copy are not read", slog.String("article", a.GetName()), slog.Any("error", err))
	}
}

// resolve fills in the photos and translations of working copies of one site;
// when media is away photos stay unresolved.
func (s *Server) resolve(ctx context.Context, site *articlev1.Site, articles ...*articlev1.Article) {
	var names []string
	for _, a := range articles {
		s.join(ctx, site, a)
		names = append(names, article.Photos(a)...)
	}
	if len(names) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	photos, err := s.Photos.Lookup(ctx, site.GetName(), unique(names))
	if err != nil {
		s.Log.WarnContext(ctx, "photos of a working copy are not resolved", slog.Any("error", err))
		return
	}
	for _, a := range articles {
		s.Resolve(article.Manuscript{
			Site: site, LanguageCode: a.GetLanguageCode(), Content: a, Photos: photos,
		}, false)
	}
}

func unique(names []string) []string {
	seen := make(map[string]bool, len(names))
	kept := names[:0]
	for _, name := range names {
		if !seen[name] {
			seen[name] = true
			kept = append(kept, name)
		}
	}
	return kept
}

// checkPhotos fails with PHOTO_UNKNOWN unless the site has every photo of
// content. Those of before need no look.
func (s *Server) checkPhotos(ctx context.Context, site string, content, before *articlev1.Article) error {
	known := make(map[string]bool)
	for _, name := range article.Photos(before) {
		known[name] = true
	}
	var ask []string
	for _, name := range article.Photos(content) {
		if !known[name] && strings.HasPrefix(name, site+"/photos/") {
			ask = append(ask, name)
		}
	}
	if len(ask) > 0 {
		found, err := s.Photos.Lookup(ctx, site, ask)
		if err != nil {
			return err
		}
		for name := range found {
			known[name] = true
		}
	}
	return unknownPhotos(content, func(name string) bool { return known[name] })
}

// unknownPhotos names every placement whose photo is not known.
func unknownPhotos(content *articlev1.Article, known func(string) bool) error {
	var faults []error
	for spot, p := range article.Placements(content) {
		if !known(p.GetPhoto()) {
			faults = append(faults, fault.Invalid("article."+spot.Path()+".photo", faultv1.Reason_REASON_PHOTO_UNKNOWN,
				"the site has no photo %s; upload it first", p.GetPhoto()).
				With("photo", p.GetPhoto()).With("block_id", spot.BlockID))
		}
	}
	return fault.Join(faults...)
}

// manuscript gathers what it takes to check and to project a revision.
func (s *Server) manuscript(ctx context.Context, l article.Loaded) (article.Manuscript, error) {
	m := article.Manuscript{
		Site: l.Site.GetSite(), LanguageCode: l.State.GetLanguageCode(), Content: l.Content(),
		Waivers: l.State.GetWaivers(), Time: now(),
	}
	held, err := s.Store.Slug(ctx, l.Name.Site, m.LanguageCode, l.Content().GetSlug())
	if err != nil {
		return m, err
	}
	if m.Translations, err = s.translations(ctx, m.Site, l.Name, l.Content().GetTranslationGroup(), true); err != nil {
		return m, err
	}
	if held.GetFormerId() != "" && article.Holds(held, l.Name.ID, l.State.GetUid()) {
		m.SlugFormer = article.Name{Site: l.Name.Site, ID: held.GetFormerId()}.String()
	}
	names := article.Photos(l.Content())
	if len(names) == 0 {
		return m, nil
	}
	m.Photos, err = s.Photos.Lookup(ctx, m.Site.GetName(), names)
	return m, err
}
