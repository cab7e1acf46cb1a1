// Package sharing is the sharing service: links to share published articles,
// previews for those who show a link, and feeds. It reads the article and the
// media service as any reader does, and keeps nothing about any reader.
package sharing

import (
	"context"
	"errors"
	"fmt"
	"io"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
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

	verifier, keepKeys, err := config.OpenVerifier(ctx)
	if err != nil {
		return err
	}
	articles, err := config.Dial(config.ArticleAddress, nil)
	if err != nil {
		return err
	}
	defer articles.Close()
	media, err := config.Dial(config.MediaAddress, nil)
	if err != nil {
		return err
	}
	defer media.Close()
	parts, err := assemble(ctx, config, store.New(records),
		articlev1.NewArticleServiceClient(articles), mediav1.NewMediaServiceClient(media))
	if err != nil {
		return err
	}
	srv, err := config.NewServer(verifier, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, parts.server)
	})
	if err != nil {
		return err
	}
	listener, err := config.Listen(ctx, config.Address)
	if err != nil {
		return err
	}
	config.Log.Info("sharing serves", "addr", listener.Addr().String())
	return host.Serve(ctx, srv, listener, append(parts.workers(config.Log),
		keepKeys, host.ReportHealth(records, srv, sharingv1.SharingService_ServiceDesc.ServiceName))...)
}
