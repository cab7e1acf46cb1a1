// Package follow keeps published projections true to the photos and sites they
// were made of. It follows the photo feed of the media service and our own
// feed, knows from them which published article uses which photo, and makes
// projections again; watchers are told UPDATED when one became another.
//
// What it knows is derived and lives in memory. Where it stands in the feeds
// is stored only after everything up to there was made again, so nothing is
// missed over a restart.
package follow

import (
	"context"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Names under which positions in the feeds are stored.
const (
	ownCursor   = "own"
	photoCursor = "photos"
)

// saveEvery is how often a position is stored while nothing has to be made
// again.
const saveEvery = time.Minute

// Store is what the follower reads and writes.
type Store interface {
	Version(ctx context.Context) (uint64, error)
	WatchAll(ctx context.Context, after uint64) iter.Seq2[article.Batch, error]
	Cursor(ctx context.Context, name string) (string, error)
	SaveCursor(ctx context.Context, name, value string) error
	Projections(ctx context.Context, site string, after []byte, limit int) ([]article.Item, error)
	ParsePosition(position []byte) (article.Name, bool)
	Projection(ctx context.Context, n article.Name) ([]byte, error)
	ShownPhotos(ctx context.Context, n article.Name) ([]string, error)
	AllShownPhotos(ctx context.Context, after []byte, limit int) ([]article.Shown, error)
	Siblings(ctx context.Context, site, group string) ([]article.Sibling, error)
	LoadPublished(ctx context.Context, n article.Name) (article.Loaded, error)
	Commit(ctx context.Context, c article.Change) error
}

// Parts are what a follower is made of. Media may be nil: then photos are not
// followed.
type Parts struct {
	Store   Store
	Media   mediav1.MediaServiceClient
	Lookup  func(ctx context.Context, site string, names []string) (map[string]*article.Photo, error)
	Project func(*recordv1.State, *recordv1.Revision, article.Manuscript) (article.Encoded, error)
	// PhotoChanged is told of every photo that changed, by name; it may be nil.
	PhotoChanged func(photo string)
	Log          *slog.Logger
}

// Follower keeps projections true. Its methods may be called by any number of
// goroutines.
type Follower struct {
	Parts

	epoch atomic.Uint64
	queue *queue
	usage usage
}

// New returns a follower that does nothing before Run.
func New(p Parts) *Follower {
	return &Follower{Parts: p, queue: newQueue(), usage: usage{photos: make(map[article.Name][]string), articles: make(map[string][]article.Name)}}
}

// PhotoEpoch grows with every change of a photo that was heard of.
func (f *Follower) PhotoEpoch() uint64 { return f.epoch.Load() }

// Refresh asks for an article's projection to be made again soon.
func (f *Follower) Refresh(n article.Name) { f.queue.add(n) }

// Uses tells that a published article uses the photos, which were looked up
// when PhotoEpoch was epoch. If photos changed since, before it was known that
// the article uses them, its projection is made again. A later publishing may
// have overtaken this word, so it takes back nothing; our own feed does.
func (f *Follower) Uses(n article.Name, photos []string, epoch uint64) {
	f.usage.add(n, photos)
	if len(photos) > 0 && f.PhotoEpoch() != epoch {
		f.Refresh(n)
	}
}

// Run follows until ctx ends. What fails is logged and tried again.
func (f *Follower) Run(ctx context.Context) {
	var all sync.WaitGroup
	ready := make(chan struct{}) // closed when the usages are known
	all.Go(func() { f.work(ctx) })
	all.Go(func() {
		f.keep(ctx, "own", func(ctx context.Context) error { return f.followOwn(ctx, ready) })
	})
	if f.Media != nil {
		all.Go(func() {
			select {
			case <-ready:
				f.keep(ctx, "photos", f.followPhotos)
			case <-ctx.Done():
			}
		})
	}
	all.Wait()
}

// keep runs step again and again until ctx ends, waiting longer after each
// failure, up to half a minute.
func (f *Follower) keep(ctx context.Context, what string, step func(context.Context) error) {
	const shortest, longest = 250 * time.Millisecond, 30 * time.Second
	wait := shortest
	for {
		began := time.Now()
		err := step(ctx)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > longest {
			wait = shortest
		}
		f.Log.WarnContext(ctx, "lost a feed; trying again", slog.String("feed", what), slog.Any("error", err), slog.Duration("wait", wait))
		if !pause.For(ctx, wait) {
			return
		}
		wait = min(2*wait, longest)
	}
}
