package article

import (
	"context"
	"time"

	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// ImportIdle is how long an import may pause before it is taken for dead.
const ImportIdle = 2 * time.Minute

// Importer stores what an archive brings where nobody sees it. Its methods are
// called by one goroutine, in the order of an archive: for each article its
// revisions, its publications and its schedules, then the article itself; then
// slugs and audit events. What they store is certain only after Finish.
type Importer interface {
	// Revision stores a revision of an article that was created at a time.
	Revision(ctx context.Context, n Name, created time.Time, r *recordv1.Revision) error
	// Publication stores the publication that is the number-th of an article,
	// counted from 1.
	Publication(ctx context.Context, n Name, number int64, p *recordv1.Publication) error
	// Schedule stores a schedule.
	Schedule(ctx context.Context, n ScheduleName, r *recordv1.Schedule) error
	// Article stores the state of an article with its aliases and its place in
	// translation groups. It fails with ALIAS_TAKEN.
	Article(ctx context.Context, n Name, state *recordv1.State) error
	// Slug stores who has a slug of a language. It fails with INVALID_FIELD
	// when that is an article of another language, or none although the slug was
	// never public.
	Slug(ctx context.Context, code, slug string, held *recordv1.Slug) error
	// Event stores an audit event.
	Event(ctx context.Context, e Event) error
	// Finish makes the site, in one transaction with the request of w and with
	// the promise that what follows from the rest will be made: see Imported.
	// count is remembered for whoever repeats the request. It fails with
	// RESOURCE_EXISTS, HOST_TAKEN and *ReplayError.
	Finish(ctx context.Context, w Write, site *recordv1.Site, count int64) error
	// Abort removes what was stored. After Finish it does nothing.
	Abort(ctx context.Context) error
}

// Imported is where the making of what follows from an archive stands.
type Imported struct {
	// Site is the id of the site.
	Site string
	// Reached is the id of the last article that is done.
	Reached string
	// TouchTime is when it last went on.
	TouchTime time.Time
}
