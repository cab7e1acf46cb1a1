// Package sharing is the sharing service: links to share published articles,
// previews for those who show a link, and feeds. It reads the article and the
// media service as any reader does, has no store and keeps nothing about anybody.
package sharing

import (
	"context"
	"io"
	"sync"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
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
// article service is away; calls fail with SERVICE_UNAVAILABLE until it is
// there. While the media service is away previews have the cover of the article
// instead of its social card.
func Run(ctx context.Context, config Config) error {
	defer config.CloseListener()
	config.Log.Info("sharing starts", "config", config)
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
	drawn := socialcards.Reader{Client: mediav1.NewMediaServiceClient(media), Timeout: config.MediaTimeout}
	reader := articles.Reader{
		Client:    articlev1.NewArticleServiceClient(conn),
		PublicURI: config.PublicURI,
		Timeout:   config.ArticleTimeout,
	}
	srv, err := config.NewServer(verifier, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(reader, drawn))
	})
	if err != nil {
		return err
	}
	listener, err := config.Listen(ctx, config.Address)
	if err != nil {
		return err
	}
	config.Log.Info("sharing serves", "addr", listener.Addr().String())
	return srv.Serve(ctx, listener)
}
