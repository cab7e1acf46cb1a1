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
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/usage"
)

// maxReconnect is the longest wait before the article service, when it was
// away, is tried again: withdrawing a photo must take effect soon.
const maxReconnect = 3 * time.Second

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
	if config.Log, err = run.Logger(stderr, config.LogLevel, config.LogFormat); err != nil {
		return &run.ConfigError{Problems: []error{err}}
	}
	return Run(ctx, config)
}

// Run serves until ctx ends and returns nil then. It starts also while the
// object store or the article service is away: records can be read, uploads
// and renditions fail with OBJECTS_UNAVAILABLE, and photos keep the publicity
// they had.
func Run(ctx context.Context, config Config) (err error) {
	if config.Listener != nil {
		defer config.Listener.Close() // closed already, unless starting failed
	}
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
	verifier, err := openVerifier(ctx, config, &background)
	if err != nil {
		return err
	}
	parts, err := assemble(ctx, config, store.New(records))
	if err != nil {
		return err
	}
	defer parts.server.Close()
	conn, err := dialArticles(config)
	if err != nil {
		return err
	}
	defer conn.Close()
	follower := usage.Follower{Articles: articlev1.NewArticleServiceClient(conn), Table: parts.store, Log: config.Log}
	srv, err := newServer(config, verifier, parts)
	if err != nil {
		return err
	}
	listener, err := listen(ctx, config)
	if err != nil {
		return err
	}
	background.Go(func() { follower.Run(ctx) })
	background.Go(func() { parts.queue.Run(ctx) })
	background.Go(func() { parts.sweeper.Run(ctx) })
	background.Go(func() { checkDecoding(ctx, config, parts.processor) })
	background.Go(func() { reportHealth(ctx, records, srv) })
	config.Log.Info("media serves", "addr", listener.Addr().String())
	return srv.Serve(ctx, listener)
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

// openVerifier returns the configured verifier, nil when there is none, and
// keeps its keys fresh until ctx ends.
func openVerifier(ctx context.Context, config Config, background *sync.WaitGroup) (auth.Verifier, error) {
	if config.Verifier != nil || config.TokenKeys == "" {
		return config.Verifier, nil
	}
	tokens, err := auth.OpenTokens(ctx, auth.TokensConfig{
		Issuer: config.TokenIssuer, Audience: config.TokenAudience,
		Keys: config.TokenKeys, Revocations: config.TokenRevocations, Log: config.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("read the keys of tokens: %w", err)
	}
	background.Go(func() { tokens.Run(ctx) })
	return tokens, nil
}

func dialArticles(config Config) (*grpc.ClientConn, error) {
	tls, err := config.tls().Client()
	if err != nil {
		return nil, err
	}
	reconnect := backoff.DefaultConfig
	reconnect.MaxDelay = maxReconnect
	return rpc.Dial(rpc.Target{Address: config.ArticleAddress, TLS: tls, Insecure: config.Insecure},
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: maxReconnect}))
}

func newServer(config Config, verifier auth.Verifier, parts *parts) (*rpc.Server, error) {
	tls, err := config.tls().Server()
	if err != nil {
		return nil, err
	}
	return rpc.NewServer(rpc.Config{
		Log: config.Log, Verifier: verifier, TLS: tls, Insecure: config.Insecure, Messages: messages,
	}, func(r grpc.ServiceRegistrar) { mediav1.RegisterMediaServiceServer(r, parts.server) })
}

// messages implements rpc.Messages.
func messages(language, key string, pairs ...string) string {
	words, ok := lang.For(language)
	if !ok {
		return ""
	}
	return words.Message(key, pairs...)
}

func listen(ctx context.Context, config Config) (net.Listener, error) {
	if config.Listener != nil {
		return config.Listener, nil
	}
	return run.Listen(ctx, config.Address)
}
