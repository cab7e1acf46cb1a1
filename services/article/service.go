// Package article is the article service: sites, and articles with their
// revisions, addresses and change feed.
//
// It needs the media service only for writes that name a photo; everything
// else goes on while media is away, and neither needs the other to start.
package article

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/check"
	"github.com/skaitykla/skaitykla/services/article/internal/follow"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
	"github.com/skaitykla/skaitykla/services/article/internal/photos"
	"github.com/skaitykla/skaitykla/services/article/internal/projection"
	"github.com/skaitykla/skaitykla/services/article/internal/scheduler"
	"github.com/skaitykla/skaitykla/services/article/internal/search"
	"github.com/skaitykla/skaitykla/services/article/internal/server"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

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

// Run serves until ctx ends and returns nil then.
func Run(ctx context.Context, config Config) (err error) {
	defer config.CloseListener()
	config.Log.Info("article starts", "config", config)
	records, opened, err := kvopen.Open(config.Store, kv.Options{Format: store.Format()})
	if err != nil {
		return fmt.Errorf("open the store of articles: %w", err)
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	level := slog.LevelInfo
	if opened.CompactError != nil {
		level = slog.LevelError
	}
	config.Log.Log(ctx, level, "the store is open", slog.String("what", opened.String()))

	verifier, keepKeys, err := config.OpenVerifier(ctx)
	if err != nil {
		return err
	}
	media, err := config.Dial(config.MediaAddress, config.tokens())
	if err != nil {
		return err
	}
	defer media.Close()
	parts, err := Assemble(ctx, store.New(records), mediav1.NewMediaServiceClient(media), config)
	if err != nil {
		return err
	}
	defer parts.Search.Close()
	srv, err := config.NewServer(verifier, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, parts.Server)
	})
	if err != nil {
		return err
	}
	listener, err := config.Listen(ctx, config.Address)
	if err != nil {
		return err
	}
	if config.tokens() == nil {
		config.Log.Warn("there is no token to ask the media service with: articles with photos cannot be saved; set SKAITYKLA_ARTICLE_TOKEN_FILE")
	}
	config.Log.Info("article serves", "addr", listener.Addr().String())
	return host.Serve(ctx, srv, listener,
		parts.Follower.Run, parts.Search.Run, parts.Scheduler.Run, func(ctx context.Context) { sweep(ctx, parts, config) },
		keepKeys, host.ReportHealth(records, srv, articlev1.ArticleService_ServiceDesc.ServiceName))
}

// Parts are the parts of the service that work together.
type Parts struct {
	Store     *store.Store
	Server    *server.Server
	Follower  *follow.Follower
	Hub       *hub.Hub
	Search    *search.Search
	Scheduler *scheduler.Scheduler
}

// Assemble puts the parts together over an open store. Of the config it uses
// the limits of watchers, the folder of the index and the log. Watchers are sent
// away when ctx ends. Follower.Run, Search.Run, Search.Close and Scheduler.Run
// are up to the caller.
func Assemble(ctx context.Context, s *store.Store, media mediav1.MediaServiceClient, config Config) (*Parts, error) {
	key, err := s.Secret(ctx, "page", page.KeySize)
	if err != nil {
		return nil, fmt.Errorf("get the key of tokens: %w", err)
	}
	sealer, err := page.NewSealer(key)
	if err != nil {
		return nil, err
	}
	checker, err := check.New()
	if err != nil {
		return nil, err
	}
	lookup := photos.New(media)
	follower := follow.New(follow.Parts{
		Store: s, Media: media, Lookup: lookup.Known, Project: projection.Build, Log: config.Log,
	})
	events := hub.New(s, hub.Limits{Events: config.WatchEvents, Bytes: config.WatchBytes, Patience: config.WatchPatience})
	finder, err := search.Open(ctx, search.Parts{Store: s, Folder: config.indexDir(), Log: config.Log})
	if err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	srv := server.New(server.Parts{
		Store: s, Finder: finder, Photos: lookup, Check: checker.Article, Summarize: checker.Summary, Repairer: checker,
		Project: projection.Build, Resolve: projection.Resolve, Summary: projection.Summary,
		PhotoEpoch: follower.PhotoEpoch, Uses: follower.Uses, Sealer: sealer, Log: config.Log,
		Stopping: ctx.Done(), Hub: events,
		Watch: server.WatchLimits{
			PerPrefix: config.MaxWatchersPerAddress, Total: config.MaxWatchers,
			Heartbeat: config.Heartbeat, TrustedProxies: config.TrustedProxies,
		},
	})
	timed := scheduler.New(scheduler.Parts{Store: s, Publisher: srv, Log: config.Log})
	follower.PhotoChanged = timed.PhotoChanged
	return &Parts{Store: s, Server: srv, Follower: follower, Hub: events, Search: finder, Scheduler: timed}, nil
}

// sweep removes what has had its time and finishes imports that were
// interrupted, now and again, until ctx ends.
func sweep(ctx context.Context, parts *Parts, config Config) {
	ticker := time.NewTicker(config.SweepEvery)
	defer ticker.Stop()
	for {
		swept, err := parts.Store.Sweep(ctx, time.Now())
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			config.Log.ErrorContext(ctx, "sweeping failed", slog.Any("error", err))
		case swept != store.Swept{}:
			config.Log.InfoContext(ctx, "swept", slog.Int("request_ids", swept.Requests), slog.Int("preview_tokens", swept.Previews),
				slog.Int("articles", swept.Articles), slog.Int("revisions", swept.Revisions), slog.Int("redactions", swept.Redactions),
				slog.Int("imports", swept.Imports))
		}
		parts.Server.FinishImports(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
