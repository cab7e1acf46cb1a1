package sharing

import (
	"context"
	"fmt"

	watching "github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/follow"
	"github.com/skaitykla/skaitykla/services/sharing/internal/hub"
	"github.com/skaitykla/skaitykla/services/sharing/internal/outbox"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// parts are the rooms of the service, connected.
type parts struct {
	store    *store.Store
	follower *follow.Follower
	outbox   *outbox.Outbox
	server   *server.Server
}

// assemble connects the rooms; none of them does anything yet. The clients are
// on connections that add no token. Watchers are sent away when ctx ends.
func assemble(ctx context.Context, config Config, records *store.Store,
	client articlev1.ArticleServiceClient, media mediav1.MediaServiceClient,
) (*parts, error) {
	key, err := records.Secret(ctx, "sealing", page.KeySize)
	if err != nil {
		return nil, fmt.Errorf("read the sealing key: %w", err)
	}
	sealer, err := page.NewSealer(key)
	if err != nil {
		return nil, err
	}
	cache, err := openCache(ctx, config, records)
	if err != nil {
		return nil, err
	}
	reader := articles.Reader{Client: client, PublicURI: config.PublicURI, Timeout: config.ArticleTimeout, Cache: cache}
	working := articles.WorkingReader{Client: client, PublicURI: config.PublicURI, Timeout: config.ArticleTimeout}
	cards, err := socialcards.NewCache(socialcards.Reader{Client: media, Timeout: config.MediaTimeout})
	if err != nil {
		return nil, err
	}
	made, err := openDocuments(config, records, reader)
	if err != nil {
		return nil, err
	}
	tools, err := server.OpenTools()
	if err != nil {
		return nil, err
	}
	caller, err := config.client(config.PublicURI)
	if err != nil {
		return nil, err
	}
	return &parts{
		store: records,
		follower: &follow.Follower{
			Articles: client, Rows: records, Cache: cache, Log: config.Log, Hold: config.WithdrawalHold,
		},
		outbox: outbox.New(outbox.Config{
			Records: records, Caller: caller, PublicURI: config.PublicURI, Calls: config.Calls, Lease: 3 * config.CallTimeout, Log: config.Log,
		}),
		server: server.New(server.Config{
			Reader: reader, Cards: cards, Working: working, Tools: tools, Documents: made,
			Store: records, ShortLinks: records, Addresses: caller, PublicURI: config.PublicURI, Sealer: sealer,
			Hub: hub.New(records, watching.Limits{}, config.PublicURI), MaxWatchers: config.MaxWatchers,
			Stopping: ctx.Done(), Log: config.Log,
		}),
	}, nil
}

// openCache returns a cache of articles that knows the sites as they were.
func openCache(ctx context.Context, config Config, records *store.Store) (*articles.Cache, error) {
	cache, err := articles.NewCache(config.CacheBytes)
	if err != nil {
		return nil, err
	}
	sites, err := records.Sites(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the sites: %w", err)
	}
	cache.Restore(sites)
	return cache, nil
}

// openDocuments returns what makes feeds and sitemaps.
func openDocuments(config Config, records *store.Store, reader articles.Reader) (*documents.Maker, error) {
	fresh := reader
	fresh.Cache = nil
	return documents.New(documents.Config{
		Store: records, Sites: reader, Bodies: reader, Fresh: fresh, Hubs: records, PublicURI: config.PublicURI,
	})
}
