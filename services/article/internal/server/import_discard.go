package server

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// discard is an article.Importer that stores nothing.
type discard struct{}

var _ article.Importer = discard{}

// Revision implements article.Importer.
func (discard) Revision(context.Context, article.Name, time.Time, *recordv1.Revision) error {
	return nil
}

// Publication implements article.Importer.
func (discard) Publication(context.Context, article.Name, int64, *recordv1.Publication) error {
	return nil
}

// Schedule implements article.Importer.
func (discard) Schedule(context.Context, article.ScheduleName, *recordv1.Schedule) error { return nil }

// Article implements article.Importer.
func (discard) Article(context.Context, article.Name, *recordv1.State) error { return nil }

// Slug implements article.Importer.
func (discard) Slug(context.Context, string, string, *recordv1.Slug) error { return nil }

// Event implements article.Importer.
func (discard) Event(context.Context, article.Event) error { return nil }

// Finish implements article.Importer.
func (discard) Finish(context.Context, article.Write, *recordv1.Site, int64) error { return nil }

// Abort implements article.Importer.
func (discard) Abort(context.Context) error { return nil }
