// Package sharing is the sharing service: links to share published articles,
// previews for those who show a link, and feeds. It reads the article service
// as any reader does, has no store and keeps nothing about anybody.
package sharing

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
)

// maxReconnect is the longest wait before the article service, when it was
// away, is tried again: a restart of it must not be felt for long.
const maxReconnect = 3 * time.Second

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
// article service is away; calls fail with SERVICE_UNAVAILABLE until it is
// there.
func Run(ctx context.Context, config Config) error {
	if config.Listener != nil {
		defer config.Listener.Close() // closed already, unless starting failed
	}
	config.Log.Info("sharing starts", "config", config)
	var background sync.WaitGroup
	defer background.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	verifier, err := openVerifier(ctx, config, &background)
	if err != nil {
		return err
	}
	conn, err := dialArticles(config)
	if err != nil {
		return err
	}
	defer conn.Close()

	reader := articles.Reader{
		Client:    articlev1.NewArticleServiceClient(conn),
		PublicURI: config.PublicURI,
		Timeout:   config.ArticleTimeout,
	}
	srv, err := newServer(config, verifier, server.New(reader))
	if err != nil {
		return err
	}
	listener, err := listen(ctx, config)
	if err != nil {
		return err
	}
	config.Log.Info("sharing serves", "addr", listener.Addr().String())
	return srv.Serve(ctx, listener)
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

func newServer(config Config, verifier auth.Verifier, sharing *server.Server) (*rpc.Server, error) {
	tls, err := config.tls().Server()
	if err != nil {
		return nil, err
	}
	return rpc.NewServer(rpc.Config{
		Log: config.Log, Verifier: verifier, TLS: tls, Insecure: config.Insecure, Messages: messages,
	}, func(r grpc.ServiceRegistrar) { sharingv1.RegisterSharingServiceServer(r, sharing) })
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
