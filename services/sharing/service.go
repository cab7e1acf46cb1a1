// Package sharing is the sharing service: links to share published articles,
// previews for those who show a link, and feeds. It reads the article and the
// media service as any reader does, and keeps nothing about any reader.
package sharing

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"

	watching "github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/follow"
	"github.com/skaitykla/skaitykla/services/sharing/internal/hub"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
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

// Run serves until ctx ends and returns nil then. It starts also while the
// article service is away; what needs it fails with SERVICE_UNAVAILABLE until
// it is there. While the media service is away previews have the cover of the article
// instead of its social card.
func Run(ctx context.Context, config Config) (err error) {
	defer config.CloseListener()
	config.Log.Info("sharing starts", "config", config)
	records, opened, err := kvopen.Open(config.Store, kv.Options{Format: store.Format()})
	if err != nil {
		return fmt.Errorf("open the store of links: %w", err)
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	config.Log.Info("the store of links is open", "store", opened.String())

	var background sync.WaitGroup
	defer background.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	verifier, err := config.OpenVerifier(ctx, &background)
	if err != nil {
		return err
	}
	conn, err := config.Dial(config.ArticleAddress, nil)
	if err != nil {
		return err
	}
	defer conn.Close()

	media, err := config.Dial(config.MediaAddress, nil)
	if err != nil {
		return err
	}
	defer media.Close()
	kept := store.New(records)
	sealer, err := openSealer(ctx, kept)
	if err != nil {
		return err
	}
	defer background.Wait()
	defer cancel()
	client := articlev1.NewArticleServiceClient(conn)
	cache, err := openCache(ctx, config, kept)
	if err != nil {
		return err
	}
	follower := follow.Follower{Articles: client, Rows: kept, Cache: cache, Log: config.Log}
	drawn, err := socialcards.NewCache(socialcards.Reader{Client: mediav1.NewMediaServiceClient(media), Timeout: config.MediaTimeout})
	if err != nil {
		return err
	}
	reader := articles.Reader{
		Client:    client,
		PublicURI: config.PublicURI,
		Timeout:   config.ArticleTimeout,
		Cache:     cache,
	}
	tools, err := server.OpenTools()
	if err != nil {
		return err
	}
	made, err := openDocuments(config, kept, reader)
	if err != nil {
		return err
	}
	working := articles.WorkingReader{Client: reader.Client, PublicURI: config.PublicURI, Timeout: config.ArticleTimeout}
	caller, deliveries, err := openOutbox(config, kept)
	if err != nil {
		return err
	}
	srv, err := config.NewServer(verifier, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{
			Working: working, Tools: tools, Documents: made,
			Reader: reader, Cards: drawn, Store: kept, ShortLinks: kept, PublicURI: config.PublicURI, Sealer: sealer,
			Hub: hub.New(kept, watching.Limits{}, config.PublicURI), MaxWatchers: config.MaxWatchers, Stopping: ctx.Done(),
			Addresses: caller, Log: config.Log,
		}))
	})
	if err != nil {
		return err
	}
	listener, err := config.Listen(ctx, config.Address)
	if err != nil {
		return err
	}
	background.Go(func() { follower.Run(ctx) })
	background.Go(func() { forgetRequests(ctx, kept, config.Log) })
	background.Go(func() { deliveries.Run(ctx) })
	background.Go(func() { reportHealth(ctx, records, srv) })
	background.Go(func() { keepCounts(ctx, kept, config.Log) })
	config.Log.Info("sharing serves", "addr", listener.Addr().String())
	return srv.Serve(ctx, listener)
}

// openDocuments returns what makes feeds and sitemaps.
func openDocuments(config Config, kept *store.Store, reader articles.Reader) (*documents.Maker, error) {
	fresh := reader
	fresh.Cache = nil
	return documents.New(documents.Config{
		Store: kept, Sites: reader, Bodies: reader, Fresh: fresh, Hubs: kept, PublicURI: config.PublicURI,
	})
}

// openSealer returns what seals tokens, with a key that all replicas share.
func openSealer(ctx context.Context, kept *store.Store) (*page.Sealer, error) {
	fresh := make([]byte, page.KeySize)
	if _, err := rand.Read(fresh); err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	key, err := kept.Secret(ctx, "sealing", fresh)
	if err != nil {
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	return page.NewSealer(key)
}

// openCache returns a cache of articles that knows the sites as they were.
func openCache(ctx context.Context, config Config, rows *store.Store) (*articles.Cache, error) {
	cache, err := articles.NewCache(config.CacheBytes)
	if err != nil {
		return nil, err
	}
	sites, err := rows.Sites(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the sites: %w", err)
	}
	cache.Restore(sites)
	return cache, nil
}

// healthEvery is how often the store is asked whether it serves.
const healthEvery = 2 * time.Second

// reportHealth says to those who ask for the service's health whether its
// store can serve.
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
			srv.SetServing(sharingv1.SharingService_ServiceDesc.ServiceName, health.Err() == nil)
		}
	}
}
