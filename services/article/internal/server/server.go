// Package server is the gRPC side of the service: it parses requests, asks the
// noun what may happen and the store to make it so, and answers.
//
// Reads of what is public copy stored bytes to the wire. Writes are made for
// the state that was read and start over when somebody was faster.
package server

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Reader is what the server reads from the store.
type Reader interface {
	Site(ctx context.Context, id string) (*recordv1.Site, error)
	Sites(ctx context.Context, after string, limit int) ([]*recordv1.Site, error)
	Projection(ctx context.Context, n article.Name) ([]byte, error)
	CopyProjection(ctx context.Context, n article.Name, room func(size int) []byte) error
	State(ctx context.Context, n article.Name) (*recordv1.State, error)
	Load(ctx context.Context, n article.Name, revision int64) (article.Loaded, error)
	Slug(ctx context.Context, site, code, slug string) (*recordv1.Slug, error)
	Addresses(ctx context.Context, site string, fn func(article.Addresses) error) error
	Siblings(ctx context.Context, site, group string) ([]article.Sibling, error)
	FreeSlug(ctx context.Context, n article.Name, code string, candidates iter.Seq[string]) (string, error)
	Request(ctx context.Context, hash []byte, now time.Time) (*recordv1.Request, error)
}

// Lister is what the server lists.
type Lister interface {
	Newest(ctx context.Context, site string, reach article.Reach) ([]article.Item, error)
	Tagged(ctx context.Context, site, tag string, reach article.Reach) ([]article.Item, error)
	Tags(ctx context.Context, site string) ([]article.Tag, error)
	Created(ctx context.Context, site string, reach article.Reach) ([]article.Item, error)
	Updated(ctx context.Context, site string, reach article.Reach) ([]article.Item, error)
	PositionID(position []byte) string
	Projections(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error)
	Names(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error)
	ParsePosition(position []byte) (article.Name, bool)
	Version(ctx context.Context) (uint64, error)
}

// Writer is what the server changes in the store.
type Writer interface {
	Commit(ctx context.Context, c article.Change) error
	PutSite(ctx context.Context, w article.Write, before, after *recordv1.Site) error
	DeleteSite(ctx context.Context, w article.Write, id string, before *recordv1.Site) error
}

// Previews keeps preview tokens.
type Previews interface {
	PutPreview(ctx context.Context, w article.Write, n article.PreviewName, r *recordv1.PreviewToken) error
	Preview(ctx context.Context, n article.PreviewName) (*recordv1.PreviewToken, error)
	Previews(ctx context.Context, n article.Name) (map[string]*recordv1.PreviewToken, error)
	DeletePreview(ctx context.Context, w article.Write, n article.PreviewName, before *recordv1.PreviewToken) error
}

// Scheduled is what the server does with schedules.
type Scheduled interface {
	Schedule(ctx context.Context, n article.ScheduleName) (*recordv1.Schedule, error)
	Schedules(ctx context.Context, n article.Name, after []byte, limit int) ([]article.ScheduleItem, error)
	PutSchedule(ctx context.Context, w article.Write, c article.ScheduleWrite) error
}

// Store is where sites and articles are kept.
type Store interface {
	Reader
	Previews
	Redactions
	History
	Lister
	Writer
	Scheduled
	Histories
	Imports
}

// History is what the server reads of the past.
type History interface {
	Revisions(ctx context.Context, n article.Name, before int64, limit int) ([]*recordv1.Revision, error)
	Publications(ctx context.Context, n article.Name) ([]*recordv1.Publication, error)
	LoadPublic(ctx context.Context, n article.Name, at time.Time) (article.Loaded, error)
	Events(ctx context.Context, site string, from, until time.Time, after []byte, limit int) ([]article.Event, error)
}

// Photos looks photos of a site up by name.
type Photos interface {
	Lookup(ctx context.Context, site string, names []string) (map[string]*article.Photo, error)
	// Known is Lookup however many are missing.
	Known(ctx context.Context, site string, names []string) (map[string]*article.Photo, error)
}

// Parts are what a server is made of. All are required.
type Parts struct {
	Store  Store
	Photos Photos
	// Check finds what is wrong with an article.
	Check func(article.Manuscript) []*articlev1.Finding
	// Summarize counts what Check finds.
	Summarize func(article.Manuscript) *articlev1.FindingsSummary
	// Repairer repairs typography.
	Repairer Repairer
	// Project makes the published projection.
	Project func(*recordv1.State, *recordv1.Revision, article.Manuscript) (article.Encoded, error)
	// Resolve fills in the photos of an article.
	Resolve func(m article.Manuscript, public bool)
	// Summary cuts an article down for lists.
	Summary func(*articlev1.Article) *articlev1.Article
	// Finder finds articles by their words.
	Finder

	// PhotoEpoch grows with every change of a photo that was heard of.
	PhotoEpoch func() uint64
	// Uses tells that an article which uses photos was published. Its
	// projection is made again if a photo changed since the epoch.
	Uses func(n article.Name, photos []string, epoch uint64)
	// Sealer seals the tokens of lists and watches.
	Sealer *page.Sealer
	// Hub tells watchers what happens.
	Hub *hub.Hub
	// Watch bounds watchers.
	Watch WatchLimits
	// Stopping is closed when the service begins to stop; watchers are then
	// sent away at once instead of keeping it waiting.
	Stopping <-chan struct{}
	Log      *slog.Logger
}

// Server implements the ArticleService.
type Server struct {
	articlev1.UnimplementedArticleServiceServer
	Parts

	watchers *watchers
	rules    rulebook
	tags     tagCache
}

// New returns a server.
func New(p Parts) *Server {
	p.Watch = p.Watch.withDefaults()
	return &Server{Parts: p, watchers: newWatchers(p.Watch)}
}

// now is the time of a request; the store keeps microseconds.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func (s *Server) publicSite(r *recordv1.Site) *articlev1.Site {
	return proto.CloneOf(r.GetSite())
}
