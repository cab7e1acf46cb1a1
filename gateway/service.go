// Package gateway is the HTTP side of the suite: REST by the annotations of the
// contract, uploads, the bytes of photographs, short links, feeds, and the
// reference web site. It has no data of its own. It calls the three services with
// the caller's token and nothing more; with a token of its own it only follows
// where short links lead, and hands on how often they were opened.
package gateway

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway/internal/chain"
	"github.com/skaitykla/skaitykla/gateway/internal/feeds"
	"github.com/skaitykla/skaitykla/gateway/internal/files"
	"github.com/skaitykla/skaitykla/gateway/internal/rest"
	"github.com/skaitykla/skaitykla/gateway/internal/site"
	"github.com/skaitykla/skaitykla/gateway/internal/upload"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
)

// Start reads the configuration and runs the gateway; see run.Start.
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

// Run serves until ctx ends and returns nil then. It starts also while services
// are away: what needs them answers 503 until they are there.
func Run(ctx context.Context, config Config) error {
	if config.Listener != nil {
		defer config.Listener.Close() // closed already, unless starting failed
	}
	config.Log.Info("gateway starts", "config", config)
	services, err := dial(config)
	if err != nil {
		return err
	}
	defer services.close()

	links, err := newLinks(config, services)
	if err != nil {
		return err
	}
	defer links.run(ctx)()
	closing := make(chan struct{})
	handler, err := newHandler(ctx, config, services, links, closing)
	if err != nil {
		return err
	}
	listener := config.Listener
	if listener == nil {
		if listener, err = run.Listen(ctx, config.Address); err != nil {
			return err
		}
	}
	config.Log.Info("gateway serves", "addr", listener.Addr().String())
	return serve(ctx, config, listener, handler, closing)
}

// newHandler puts everything that the gateway serves behind the chain. Watches
// end when closing is closed.
func newHandler(ctx context.Context, config Config, services *connections, links *links, closing <-chan struct{}) (http.Handler, error) {
	api, err := rest.New(ctx, rest.Config{
		Article: services.article, Media: services.media, Sharing: services.sharing,
		MaxBody: config.MaxBody, Timeout: config.CallTimeout, Closing: closing,
	})
	if err != nil {
		return nil, err
	}
	documents, err := feeds.New(services.sharing, links.feed)
	if err != nil {
		return nil, err
	}
	pages, err := site.New(site.Config{
		Log: config.Log, Article: services.article, Sharing: services.sharing, Documents: documents,
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", api)
	mux.HandleFunc("GET /openapi.json", rest.OpenAPI)
	uploads := upload.Config{Media: services.media, MaxBytes: config.MaxUpload}
	mux.Handle(upload.Pattern, upload.New(uploads))
	resumable := upload.NewTus(uploads)
	mux.Handle(upload.TusPattern, resumable)
	mux.Handle(upload.TusUploadPattern, resumable)
	mux.Handle(files.Pattern, files.New(services.media, files.DefaultTimeout))
	mux.Handle(files.CardPattern, files.NewCards(services.media, files.DefaultTimeout))
	mux.Handle("GET /healthz", health{services})
	pages.Register(mux)
	return chain.New(chain.Config{
		Log: config.Log, TrustedProxies: config.TrustedProxies, Origins: config.CORSOrigins,
		MaxInFlight: config.MaxInFlight,
	}, links.before(mux, pages, config)), nil
}

// connections are those to the services. All but own are for calls on behalf of
// others, with the caller's token or none; own is to the sharing service, for
// calls of the gateway itself.
type connections struct{ article, media, sharing, own *grpc.ClientConn }

// dial prepares the connections, which connect when they are needed.
func dial(config Config) (*connections, error) {
	tls, err := config.tls().Client()
	if err != nil {
		return nil, err
	}
	c := &connections{}
	for _, target := range []struct {
		address string
		conn    **grpc.ClientConn
		tokens  rpc.TokenSource
	}{
		{config.ArticleAddress, &c.article, nil},
		{config.MediaAddress, &c.media, nil},
		{config.SharingAddress, &c.sharing, nil},
		{config.SharingAddress, &c.own, config.tokens()},
	} {
		options := append(rest.DialOptions(), connectParams())
		conn, err := rpc.Dial(rpc.Target{
			Address: target.address, TLS: tls, Insecure: config.Insecure, Tokens: target.tokens,
		}, options...)
		if err != nil {
			c.close()
			return nil, fmt.Errorf("prepare the connection to a service: %w", err)
		}
		*target.conn = conn
	}
	return c, nil
}

func (c *connections) close() {
	for _, conn := range []*grpc.ClientConn{c.article, c.media, c.sharing, c.own} {
		if conn != nil {
			_ = conn.Close() // fails only when it is closed already
		}
	}
}

// serve runs the server until ctx ends, then lets requests in progress end.
func serve(ctx context.Context, config Config, listener net.Listener, handler http.Handler, closing chan struct{}) error {
	server := newServer(handler)
	server.ErrorLog = errorLog(config.Log)
	stopped := make(chan error, 1)
	release := context.AfterFunc(ctx, func() {
		close(closing)
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), config.Grace)
		defer cancel()
		err := server.Shutdown(grace)
		if err != nil {
			err = server.Close()
		}
		stopped <- err
	})
	var err error
	if config.PublicCert != "" {
		err = server.ServeTLS(listener, config.PublicCert, config.PublicKey)
	} else {
		err = server.Serve(listener)
	}
	if release() {
		return fmt.Errorf("serve on %s: %w", listener.Addr(), err)
	}
	return <-stopped
}
