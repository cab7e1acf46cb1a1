// Package media is the media service: the photographs of all sites, their
// descriptions, and every size ready before somebody asks.
//
// Records are in a key-value store, bytes in an S3 server. Photos are decoded
// by the running binary executed again; so a binary that uses this package
// calls [WorkerMain] first thing in main.
package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/usage"
)

// WorkerMain decodes one photo and reports handled when the binary was
// executed for that; the binary then exits with the given code at once.
// Otherwise it does nothing. Call it first thing in main, with os.Args and the
// standard streams.
func WorkerMain(args []string, stdin io.Reader, stdout, stderr io.Writer) (exit int, handled bool) {
	return pixels.WorkerMain(args, stdin, stdout, stderr)
}

// Start reads the configuration and runs the service; see run.Start.
func Start(ctx context.Context, getenv func(string) string, stderr io.Writer) error {
	config, err := run.Load[Config](getenv)
	if err != nil {
		return err
	}
	if err := config.OpenLog(stderr); err != nil {
		return err
	}
	return Run(ctx, config)
}

// Run serves until ctx ends and returns nil then. It starts also while the
// object store or the article service is away: records can be read, uploads
// and renditions fail with OBJECTS_UNAVAILABLE, and photos keep the publicity
// they had.
func Run(ctx context.Context, config Config) (err error) {
	defer config.CloseListener()
	config.Log.Info("media starts", "config", config)
	records, opened, err := kvopen.Open(config.Store, kv.Options{Format: store.Format()})
	if err != nil {
		return fmt.Errorf("open the store of photos: %w", err)
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	config.Log.Info("the store of photos is open", "store", opened.String())

	var background sync.WaitGroup
	defer background.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	verifier, err := config.OpenVerifier(ctx, &background)
	if err != nil {
		return err
	}
	conn, err := config.Dial(config.ArticleAddress, config.tokens())
	if err != nil {
		return err
	}
	defer conn.Close()
	articles := articlev1.NewArticleServiceClient(conn)
	parts, err := assemble(ctx, config, store.New(records), articles)
	if err != nil {
		return err
	}
	defer parts.objects.Close()
	defer parts.server.Close()
	defer parts.finder.Close()
	defer background.Wait()
	defer cancel()
	follower := usage.Follower{Articles: articles, Table: parts.store, Log: config.Log}
	srv, err := config.NewServer(verifier, func(r grpc.ServiceRegistrar) {
		mediav1.RegisterMediaServiceServer(r, parts.server)
	})
	if err != nil {
		return err
	}
	listener, err := config.Listen(ctx, config.Address)
	if err != nil {
		return err
	}
	if config.tokens() == nil {
		config.Log.Warn("there is no token to ask the article service with: no photo becomes public; set SKAITYKLA_MEDIA_TOKEN_FILE")
	}
	background.Go(func() { follower.Run(ctx) })
	background.Go(func() { parts.objects.Prepare(ctx, config.Log) })
	parts.run(ctx, &background)
	background.Go(func() { checkDecoding(ctx, config, parts.processor) })
	background.Go(func() { reportHealth(ctx, records, srv) })
	config.Log.Info("media serves", "addr", listener.Addr().String())
	return srv.Serve(ctx, listener)
}

// run starts what works by itself until ctx ends.
func (p *parts) run(ctx context.Context, background *sync.WaitGroup) {
	for _, worker := range []func(context.Context){
		p.queue.Run, p.sweeper.Run, p.purger.Run, p.finder.Run, p.operations.Run, p.expiry.Run, p.cards.Run,
	} {
		background.Go(func() { worker(ctx) })
	}
}

// healthEvery is how often the store is asked whether it serves.
const healthEvery = 2 * time.Second

// reportHealth says to those who ask for the service's health whether its
// store can serve. The object store does not count: records are served without
// it.
func reportHealth(ctx context.Context, records kv.Store, srv *rpc.Server) {
	health, ok := records.(kv.Health)
	if !ok {
		return
	}
	tick := time.NewTicker(healthEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			srv.SetServing(mediav1.MediaService_ServiceDesc.ServiceName, health.Err() == nil)
		}
	}
}

// checkDecoding says early, not at the first upload, that photos cannot be
// decoded safely here.
func checkDecoding(ctx context.Context, config Config, processor *pixels.Processor) {
	if err := processor.Check(ctx); err != nil && ctx.Err() == nil {
		config.Log.Error("photos cannot be decoded here, uploads will fail", slog.Any("error", err))
	}
}
