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

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
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

	verifier, keepKeys, err := config.OpenVerifier(ctx)
	if err != nil {
		return err
	}
	conn, err := config.Dial(config.ArticleAddress, config.tokens())
	if err != nil {
		return err
	}
	defer conn.Close()
	parts, err := assemble(ctx, config, store.New(records), articlev1.NewArticleServiceClient(conn))
	if err != nil {
		return err
	}
	defer parts.objects.Close()
	defer parts.server.Close()
	defer parts.finder.Close()
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
	config.Log.Info("media serves", "addr", listener.Addr().String())
	// The object store does not count for health: records are served without it.
	return host.Serve(ctx, srv, listener, append(parts.workers(config.Log),
		keepKeys, host.ReportHealth(records, srv, mediav1.MediaService_ServiceDesc.ServiceName))...)
}

// workers are what works by itself.
func (p *parts) workers(log *slog.Logger) []host.Worker {
	return []host.Worker{
		p.follower.Run, p.queue.Run, p.sweeper.Run, p.purger.Run, p.finder.Run, p.operations.Run, p.expiry.Run, p.cards.Run,
		func(ctx context.Context) { p.objects.Prepare(ctx, log) },
		func(ctx context.Context) { checkDecoding(ctx, p.processor, log) },
	}
}

// checkDecoding says early, not at the first upload, that photos cannot be
// decoded safely here.
func checkDecoding(ctx context.Context, processor *pixels.Processor, log *slog.Logger) {
	if err := processor.Check(ctx); err != nil && ctx.Err() == nil {
		log.Error("photos cannot be decoded here, uploads will fail", slog.Any("error", err))
	}
}
