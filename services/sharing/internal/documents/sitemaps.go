package documents

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sitemap"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// fronts is the page of the index that holds the front pages of a site.
const fronts = "pages"

// Index writes the index of the sitemaps of a site and returns when any page
// was last changed. It fails with RESOURCE_NOT_FOUND and SERVICE_UNAVAILABLE.
func (m *Maker) Index(ctx context.Context, id string, out io.Writer) (time.Time, error) {
	site, plan, err := m.plan(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	index := sitemap.NewIndex(out)
	if err := index.Add(pageURI(site, fronts), plan.modified); err != nil {
		return time.Time{}, err
	}
	for _, part := range plan.parts {
		if err := index.Add(pageURI(site, part.name()), part.modified); err != nil {
			return time.Time{}, err
		}
	}
	return plan.modified, index.Close()
}

// Pages writes one of the sitemaps that the index names, and returns when any
// page in it was last changed. It fails with RESOURCE_NOT_FOUND and
// SERVICE_UNAVAILABLE.
func (m *Maker) Pages(ctx context.Context, id, name string, out io.Writer) (time.Time, error) {
	site, plan, err := m.plan(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	if name == fronts {
		return plan.modified, writeFronts(site, plan.modified, out)
	}
	for _, part := range plan.parts {
		if part.name() == name {
			return part.modified, m.writePart(ctx, site, part, out)
		}
	}
	return time.Time{}, fault.NotFound("a sitemap " + strconv.Quote(name))
}

// pageURI returns the address of a sitemap.
func pageURI(site published.Site, name string) string {
	return site.Absolute("/sitemap-" + name + ".xml")
}

// writeFronts writes the front pages, which change with every article.
func writeFronts(site published.Site, modified time.Time, out io.Writer) error {
	codes := site.Resource.GetLanguageCodes()
	var versions []sitemap.Version
	for _, code := range codes {
		versions = append(versions, sitemap.Version{Language: code, URI: site.Absolute(site.Home(code))})
	}
	if versions = withDefault(site, versions); len(codes) < 2 {
		versions = nil
	}
	pages := sitemap.NewPages(out)
	for _, code := range codes {
		page := sitemap.Page{URI: site.Absolute(site.Home(code)), Modified: modified, Versions: versions}
		if err := pages.Add(page); err != nil {
			return err
		}
	}
	return pages.Close()
}

// writePart writes the articles of a part.
func (m *Maker) writePart(ctx context.Context, site published.Site, part part, out io.Writer) error {
	pages := sitemap.NewPages(out)
	query := part.query
	for written := 0; written < m.perFile; {
		query.Limit = min(batch, m.perFile-written)
		rows, next, err := m.Store.List(ctx, query)
		if err != nil {
			return err
		}
		for _, row := range rows {
			page, err := m.page(ctx, site, row)
			if err != nil {
				return err
			}
			if err := pages.Add(page); err != nil {
				return fmt.Errorf("write a sitemap: %w", err)
			}
		}
		written += len(rows)
		if query.After = next; next == nil {
			break
		}
	}
	return pages.Close()
}

// page returns the page of an article with its language versions.
func (m *Maker) page(ctx context.Context, site published.Site, row *recordv1.Article) (sitemap.Page, error) {
	page := sitemap.Page{URI: site.Absolute(row.GetPath()), Modified: changed(row)}
	if row.GetTranslationGroup() == "" {
		return page, nil
	}
	versions, err := m.Store.Translations(ctx, strings.TrimPrefix(site.Resource.GetName(), "sites/"), row.GetTranslationGroup())
	if err != nil || len(versions) < 2 {
		return page, err
	}
	for _, version := range versions {
		page.Versions = append(page.Versions, sitemap.Version{Language: version.GetLanguageCode(), URI: site.Absolute(version.GetPath())})
	}
	page.Versions = withDefault(site, page.Versions)
	return page, nil
}

// withDefault adds the version for readers of other languages: that in the
// default language of the site, if there is one.
func withDefault(site published.Site, versions []sitemap.Version) []sitemap.Version {
	for _, version := range versions {
		if version.Language == site.Resource.GetDefaultLanguageCode() {
			return append(versions, sitemap.Version{Language: "x-default", URI: version.URI})
		}
	}
	return versions
}

// News writes the news sitemap of a site as it is at a time, and returns when
// any article in it was last changed. It holds what became public in the last
// two days and says so itself: backdated articles are not in it. It fails with
// RESOURCE_NOT_FOUND and SERVICE_UNAVAILABLE.
func (m *Maker) News(ctx context.Context, id string, now time.Time, out io.Writer) (time.Time, error) {
	site, err := m.site(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	var last time.Time
	news := sitemap.NewNews(out)
	query := store.Query{Site: id, From: now.Add(-sitemap.NewsAge), Limit: batch}
	for written := 0; written < sitemap.MaxNews; {
		rows, next, err := m.Store.List(ctx, query)
		if err != nil {
			return time.Time{}, err
		}
		for _, row := range rows {
			if row.GetPublishTime().AsTime().Before(row.GetFirstPublicTime().AsTime().Add(-time.Minute)) || written == sitemap.MaxNews {
				continue
			}
			if err := news.Add(sitemap.Item{
				URI: site.Absolute(row.GetPath()), Publication: site.Title(), Language: row.GetLanguageCode(),
				Published: row.GetPublishTime().AsTime(), Title: row.GetTitle(),
			}); err != nil {
				return time.Time{}, err
			}
			written, last = written+1, later(last, changed(row))
		}
		if query.After = next; next == nil {
			break
		}
	}
	return last, news.Close()
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
