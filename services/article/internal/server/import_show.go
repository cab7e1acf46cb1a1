package server

import (
	"context"
	"errors"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Bounds of the making of what follows from an archive.
const (
	importWindow = 64 // articles between two notes of how far it is
	importers    = 16 // articles at a time
	maxMissing   = 1000
)

// FinishImports goes on with the imports that were interrupted after their
// archive was stored. What fails is logged.
func (s *Server) FinishImports(ctx context.Context) {
	open, err := s.Store.Imports(ctx)
	for _, one := range open {
		if now().Sub(one.TouchTime) < article.ImportIdle {
			continue // whoever imports goes on with it
		}
		if failed := s.finishImport(ctx, one); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		s.Log.InfoContext(ctx, "an import that was interrupted is finished", slog.String("site", one.Site))
	}
	if err != nil && ctx.Err() == nil {
		s.Log.ErrorContext(ctx, "an import could not be finished; it is tried again", slog.Any("error", err))
	}
}

// finishImport puts the articles of an import where they are found.
func (s *Server) finishImport(ctx context.Context, from article.Imported) error {
	for {
		var after []byte
		if from.Reached != "" {
			after = []byte(from.Site + "/" + from.Reached)
		}
		items, err := s.Store.Names(ctx, from.Site, after, importWindow)
		if err != nil {
			return err
		}
		all, one := errgroup.WithContext(ctx)
		all.SetLimit(importers)
		reached := ""
		for _, item := range items {
			n, ok := s.Store.ParsePosition(item.Position)
			if !ok {
				continue
			}
			reached = n.ID
			all.Go(func() error { return s.showImported(one, n) })
		}
		if err := all.Wait(); err != nil {
			return stored(err)
		}
		if err := s.Store.AdvanceImport(ctx, from, reached, now()); err != nil {
			return stored(err)
		}
		if reached == "" {
			return nil
		}
		from.Reached = reached
	}
}

// stored is the error for an import whose site is made.
func stored(err error) error {
	if fault.Has(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE) || errors.Is(err, article.ErrOvertaken) {
		return fault.Unavailable(err, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
			"the site is stored; its articles appear by themselves as soon as the media service can be asked about their photos").
			RetryAfter(article.ImportIdle)
	}
	return err
}

// showImported puts one article where it is found, as it is now.
func (s *Server) showImported(ctx context.Context, n article.Name) error {
	err := article.ErrOvertaken
	for range attempts {
		if err = s.tryShow(ctx, n); !errors.Is(err, article.ErrOvertaken) {
			return err
		}
	}
	return err
}

func (s *Server) tryShow(ctx context.Context, n article.Name) error {
	epoch := s.PhotoEpoch()
	l, err := s.Store.LoadPublished(ctx, n)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		if l, err = s.Store.Load(ctx, n, 0); fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return nil // purged since
		}
		if err != nil {
			return err
		}
		return s.Store.ShowImported(ctx, l, nil)
	}
	if err != nil {
		return err
	}
	m := article.Manuscript{Site: l.Site.GetSite(), LanguageCode: l.State.GetLanguageCode(), Content: l.Content(), Time: now()}
	if m.Translations, err = s.translations(ctx, m.Site, n, l.Content().GetTranslationGroup(), true); err != nil {
		return err
	}
	photos := article.Photos(l.Content())
	if m.Photos, err = s.Photos.Known(ctx, m.Site.GetName(), photos); err != nil {
		return err
	}
	projection, err := s.Project(l.State, l.Revision, m)
	if err != nil {
		return err
	}
	if err := s.Store.ShowImported(ctx, l, &projection); err != nil {
		return err
	}
	s.Uses(n, photos, epoch)
	return nil
}

// missingPhotos returns the photos that newest and published revisions of a site
// name and that it does not have, at most maxMissing, by article.
func (s *Server) missingPhotos(ctx context.Context, site string) ([]string, error) {
	var missing []string
	seen := make(map[string]bool)
	for after := []byte(nil); ; {
		items, err := s.Store.Names(ctx, site, after, importWindow)
		if err != nil || len(items) == 0 {
			return missing, err
		}
		for _, item := range items {
			n, _ := s.Store.ParsePosition(item.Position)
			names, err := s.usedPhotos(ctx, n)
			if err != nil {
				return nil, err
			}
			found, err := s.Photos.Known(ctx, article.SiteName(site), names)
			if err != nil {
				return nil, stored(err)
			}
			for _, name := range names {
				if found[name] != nil || seen[name] {
					continue
				}
				if len(missing) == maxMissing {
					return missing, nil
				}
				seen[name] = true
				missing = append(missing, name)
			}
		}
		after = items[len(items)-1].Position
	}
}

// usedPhotos returns the photos that the newest revision of an article and the
// one that readers see name.
func (s *Server) usedPhotos(ctx context.Context, n article.Name) ([]string, error) {
	newest, err := s.Store.Load(ctx, n, 0)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names := article.Photos(newest.Content())
	if number := newest.State.GetPublishedRevision(); number != 0 && number != newest.Number {
		public, err := s.Store.Load(ctx, n, number)
		if err != nil {
			return nil, err
		}
		names = unique(append(names, article.Photos(public.Content())...))
	}
	return names, nil
}
