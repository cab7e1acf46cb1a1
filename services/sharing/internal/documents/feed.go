package documents

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// Feed asks for a document of a feed.
type Feed struct {
	// Site is the id of the site.
	Site string
	// Language is a language of the site (BCP 47), its default when empty.
	Language string
	// Tag is a tag; empty for all articles.
	Tag string
	// Archive is an archive document as its String writes it; empty for the
	// current one.
	Archive string
	// Format is the format.
	Format syndication.Format
}

// flight returns a name for the making of the document in a generation.
func (f Feed) flight(generation uint64) string {
	return fmt.Sprintf("feed %d %q", generation, []string{f.Site, f.Language, f.Tag, f.Archive, f.Format.File()})
}

// Feed returns a document and when an article in it was last changed. It fails
// with RESOURCE_NOT_FOUND (the site, the tag or the archive), INVALID_FIELD (the
// language) and SERVICE_UNAVAILABLE.
func (m *Maker) Feed(ctx context.Context, want Feed) (syndication.Document, time.Time, error) {
	site, err := m.site(ctx, want.Site)
	if err != nil {
		return syndication.Document{}, time.Time{}, err
	}
	language, ok := site.Language(want.Language)
	if !ok {
		return syndication.Document{}, time.Time{}, fault.InvalidField("language_code",
			"the site does not publish in %q; ask for one of %s", want.Language, strings.Join(site.Resource.GetLanguageCodes(), ", "))
	}
	want.Language = language
	// Read before what the feed is made of, so that it is never taken for newer
	// than it is.
	generation, err := m.Store.Generation(ctx, want.Site)
	if err != nil {
		return syndication.Document{}, time.Time{}, err
	}
	if kept, ok := m.feeds.GetIfPresent(want); ok && kept.generation == generation {
		return kept.document, kept.modified, nil
	}
	shared, err, _ := m.flights.Do(want.flight(generation), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), buildTimeout)
		defer cancel()
		fresh, err := m.build(ctx, site, want)
		if err != nil {
			return made{}, err
		}
		fresh.generation = generation
		m.feeds.Set(want, fresh)
		return fresh, nil
	})
	if err != nil {
		return syndication.Document{}, time.Time{}, err
	}
	fresh, ok := shared.(made)
	if !ok {
		return syndication.Document{}, time.Time{}, fault.Internal(nil, "make a feed of "+want.Site)
	}
	return fresh.document, fresh.modified, nil
}

// build makes a document.
func (m *Maker) build(ctx context.Context, site published.Site, want Feed) (made, error) {
	hubs, err := m.Hubs.Hubs(ctx, want.Site)
	if err != nil {
		return made{}, err
	}
	feed := syndication.Feed{Site: site, Language: want.Language, Tag: want.Tag, Hubs: hubs}
	query := store.Query{Site: want.Site, Language: want.Language, Tag: want.Tag}
	shelves := shelves{store: m.Store, query: query, zone: site.Location()}
	var rows []*recordv1.Article
	if want.Archive == "" {
		rows, err = m.newest(ctx, &feed, shelves)
	} else {
		rows, err = m.archived(ctx, &feed, shelves, want.Archive)
	}
	if err != nil {
		return made{}, err
	}
	if len(rows) == 0 && want.Tag != "" {
		return made{}, fault.NotFound("an article tagged " + want.Tag)
	}
	if feed.Articles, err = m.bodies(ctx, site, rows); err != nil {
		return made{}, err
	}
	document, err := syndication.Render(feed, want.Format)
	return made{document: document, modified: modified(rows)}, err
}

// newest fills in the current document.
func (m *Maker) newest(ctx context.Context, feed *syndication.Feed, s shelves) (rows []*recordv1.Article, err error) {
	if feed.Previous, err = s.last(ctx); err != nil {
		return nil, err
	}
	query := s.query
	query.Limit = syndication.MaxItems
	rows, _, err = m.Store.List(ctx, query)
	return rows, err
}

// archived fills in an archive document.
func (m *Maker) archived(ctx context.Context, feed *syndication.Feed, s shelves, name string) ([]*recordv1.Article, error) {
	missing := fault.NotFound("an archive of " + name)
	archive, ok := syndication.ParseArchive(name)
	if !ok {
		return nil, missing
	}
	rows, err := s.rows(ctx, archive)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, missing
	}
	feed.Archive = archive
	if feed.Previous, err = s.before(ctx, archive); err != nil {
		return nil, err
	}
	feed.Next, err = s.after(ctx, archive)
	return rows, err
}

// modified returns when any of the articles was last changed; zero for none.
func modified(rows []*recordv1.Article) time.Time {
	var last time.Time
	for _, row := range rows {
		if t := changed(row); t.After(last) {
			last = t
		}
	}
	return last
}

// changed returns when the text that readers see was last changed, never before
// it was published.
func changed(row *recordv1.Article) time.Time {
	published, updated := row.GetPublishTime().AsTime(), row.GetUpdateTime().AsTime()
	if updated.After(published) {
		return updated
	}
	return published
}
