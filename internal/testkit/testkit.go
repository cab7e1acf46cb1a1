// Package testkit starts services in tests behind the production chain of
// interceptors, in memory, with real keys and tokens.
//
// It works inside testing/synctest bubbles. Everything ends with the test.
package testkit

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
)

// Site is where the principals of As have their roles.
const Site = "sites/biblioteka"

const (
	issuerName = "skaitykla"
	audience   = "test"
)

// Kit is one installation: an issuer of tokens and the verifier its services
// share.
type Kit struct {
	t        testing.TB
	log      *slog.Logger
	issuer   *auth.Issuer
	verifier *auth.Tokens
}

// New returns an installation with a fresh key that logs into the test's
// output.
func New(tb testing.TB) *Kit {
	tb.Helper()
	return build(tb, Log(tb))
}

// Quiet is New without a log, for benchmarks.
func Quiet(tb testing.TB) *Kit {
	tb.Helper()
	return build(tb, slog.New(slog.DiscardHandler))
}

func build(tb testing.TB, log *slog.Logger) *Kit {
	tb.Helper()
	dir := tb.TempDir()
	keyFile, setFile := filepath.Join(dir, "issuer.pem"), filepath.Join(dir, "keys.json")
	must(tb, auth.GenerateKey(keyFile))
	issuer, err := auth.LoadIssuer(keyFile, issuerName, audience)
	must(tb, err)
	must(tb, auth.PublishKey(setFile, issuer))
	verifier, err := auth.OpenTokens(tb.Context(), auth.TokensConfig{
		Issuer: issuerName, Audience: audience, Keys: setFile, Log: log,
	})
	must(tb, err)
	return &Kit{t: tb, log: log, issuer: issuer, verifier: verifier}
}

// Verifier accepts the installation's tokens.
func (k *Kit) Verifier() auth.Verifier { return k.verifier }

// Token returns a token for the principal that is good for an hour.
func (k *Kit) Token(p auth.Principal) string {
	k.t.Helper()
	token, err := k.issuer.Issue(p, time.Hour)
	must(k.t, err)
	return token.Text
}

// PrincipalOf returns the principal that has the one role: on Site, or on every
// site for operator and service. For anonymous it is the zero principal.
func PrincipalOf(role auth.Role) auth.Principal {
	p := auth.Principal{ID: string(role) + "@example.lt", Kind: auth.Person}
	switch role {
	case auth.Anonymous:
		return auth.Principal{}
	case auth.Service:
		p.Kind = auth.Machine
		fallthrough
	case auth.Operator:
		p.Roles = map[string][]auth.Role{auth.EverySite: {role}}
	case auth.Author, auth.Editor, auth.Admin:
		p.Roles = map[string][]auth.Role{Site: {role}}
	}
	return p
}

// Server is a running service.
type Server struct {
	kit      *Kit
	rpc      *rpc.Server
	listener *bufconn.Listener
}

// Start starts the services that register registers in a new installation.
func Start(tb testing.TB, register func(grpc.ServiceRegistrar)) *Server {
	tb.Helper()
	return New(tb).Serve(rpc.Config{}, register)
}

// Serve starts services in the installation. Log and Verifier of the config
// are filled in when they are nil.
func (k *Kit) Serve(config rpc.Config, register func(grpc.ServiceRegistrar)) *Server {
	k.t.Helper()
	if config.Log == nil {
		config.Log = k.log
	}
	if config.Verifier == nil {
		config.Verifier = k.verifier
	}
	server, err := rpc.NewServer(config, register)
	must(k.t, err)
	s := &Server{kit: k, rpc: server, listener: bufconn.Listen(1 << 20)}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, s.listener) }()
	k.t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			k.t.Errorf("the server ended with: %v", err)
		}
	})
	return s
}

// As returns a connection that calls as PrincipalOf(role).
func (s *Server) As(role auth.Role) *grpc.ClientConn {
	s.kit.t.Helper()
	return s.AsPrincipal(PrincipalOf(role))
}

// AsPrincipal returns a connection that calls as the principal; without a
// token when it is the zero principal.
func (s *Server) AsPrincipal(p auth.Principal) *grpc.ClientConn {
	s.kit.t.Helper()
	if p.Anonymous() {
		return s.dial(nil)
	}
	return s.dial(fixed(s.kit.Token(p)))
}

// RPC returns the server itself, for its health.
func (s *Server) RPC() *rpc.Server { return s.rpc }

func (s *Server) dial(tokens rpc.TokenSource) *grpc.ClientConn {
	s.kit.t.Helper()
	conn, err := rpc.Dial(rpc.Target{Address: "passthrough:///bufconn", Tokens: tokens},
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return s.listener.DialContext(ctx)
		}))
	must(s.kit.t, err)
	s.kit.t.Cleanup(func() { must(s.kit.t, conn.Close()) })
	return conn
}

// fixed is a token source of one token.
type fixed string

// Token implements rpc.TokenSource.
func (f fixed) Token(context.Context) (string, error) { return string(f), nil }

// Log returns a logger into the test's output.
func Log(tb testing.TB) *slog.Logger {
	tb.Helper()
	return slog.New(slog.NewTextHandler(tb.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
