package media

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"runtime"

	watching "github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/page"
	find "github.com/skaitykla/skaitykla/internal/search"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	"github.com/skaitykla/skaitykla/services/media/internal/expiry"
	"github.com/skaitykla/skaitykla/services/media/internal/hub"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/operations"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/purge"
	"github.com/skaitykla/skaitykla/services/media/internal/search"
	"github.com/skaitykla/skaitykla/services/media/internal/server"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/sweep"
	"github.com/skaitykla/skaitykla/services/media/internal/usage"
)

// parts are the rooms of the service, connected.
type parts struct {
	objects    *blobs.Store
	processor  *pixels.Processor
	queue      *ladder.Queue
	sweeper    *sweep.Sweeper
	purger     *purge.Purger
	finder     *find.Search
	expiry     *expiry.Scheduler
	cards      *cards.Keeper
	operations *operations.Runner
	follower   *usage.Follower
	server     *server.Server
}

// assemble connects the rooms; none of them does anything yet. Watchers are sent
// away when ctx ends.
func assemble(ctx context.Context, config Config, records *store.Store, articles articlev1.ArticleServiceClient) (*parts, error) {
	objects, err := blobs.Open(config.objects())
	if err != nil {
		return nil, err
	}
	signing, err := secret(ctx, records, "signing")
	if err != nil {
		return nil, err
	}
	sealing, err := secret(ctx, records, "sealing")
	if err != nil {
		return nil, err
	}
	sealer, err := page.NewSealer(sealing)
	if err != nil {
		return nil, err
	}
	limits := pixels.DefaultLimits()
	limits.Bytes = config.MaxBytes
	processor := pixels.New(pixels.Config{
		Concurrency: config.Workers, Limits: limits, Insecure: config.InsecureDecoding, Logger: config.Log,
	})
	spool := cmp.Or(config.SpoolDir, os.TempDir())
	p := &parts{objects: objects, processor: processor}
	p.follower = &usage.Follower{Articles: articles, Table: records, Log: config.Log}
	maker := ladder.NewMaker(processor, objects)
	p.queue = ladder.NewQueue(ladder.QueueConfig{
		Maker: maker, Objects: objects, Records: records, SpoolDir: spool, MaxBytes: config.MaxBytes,
		Lanes: max(1, cmp.Or(config.Workers, runtime.NumCPU())/2), Lease: config.Lease, Log: config.Log,
	})
	p.purger = &purge.Purger{Records: records, Objects: objects, UnusedAge: config.UnusedAge, Log: config.Log}
	p.sweeper = &sweep.Sweeper{
		Objects: objects, Records: records, Grace: config.OrphanAge, KeepOrphans: config.KeepOrphans, Every: config.SweepEvery, Log: config.Log,
	}
	p.purger.Owned = p.sweeper.Owned
	p.expiry = &expiry.Scheduler{Records: records, Log: config.Log}
	p.cards, err = cards.New(cards.Config{Records: records, Objects: objects, Articles: articles, Log: config.Log})
	if err != nil {
		return nil, err
	}
	if p.finder, err = search.Open(ctx, records, config.indexDir(), config.Log); err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	p.operations = operations.New(operations.Config{
		Records: records, Objects: objects, Cards: p.cards, Grace: config.OrphanAge, Lease: config.Lease, Enqueued: p.queue.Wake, Log: config.Log,
	})
	p.server = server.New(server.Config{
		Store: records, Finder: p.finder, Hub: hub.New(records, watching.Limits{}), Objects: objects, Maker: maker, Queue: p.queue, Cards: p.cards,
		Operations: p.operations, MaxOperations: config.MaxOperations,
		Signer: photo.NewSigner(signing), Sealer: sealer,
		SpoolDir: spool, MaxBytes: config.MaxBytes, MaxUploads: config.MaxUploads,
		OpenUploads: store.UploadLimits{
			PerPerson: config.OpenUploadsEach, PerSite: config.OpenUploads, Bytes: config.OpenUploadBytes,
		},
		UploadTimeout: config.UploadTimeout, WithdrawalGrace: config.WithdrawalGrace, MaxWatchers: config.MaxWatchers, Stopping: ctx.Done(), Log: config.Log,
	})
	return p, nil
}

// secret returns a key that all replicas share, made by the first of them.
func secret(ctx context.Context, records *store.Store, name string) ([]byte, error) {
	fresh := make([]byte, page.KeySize)
	rand.Read(fresh)
	key, err := records.Secret(ctx, name, fresh)
	if err != nil {
		return nil, fmt.Errorf("read the %s key: %w", name, err)
	}
	return key, nil
}
