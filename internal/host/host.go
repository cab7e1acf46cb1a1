// Package host is what every gRPC service has around its own work: which
// tokens it accepts, how it secures connections, where it listens and logs.
//
// A service embeds Config in its own, reads both at once with run.Load, and
// builds with the methods from the bottom up.
package host

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
)

// Config is the part of a service's configuration that all services share,
// read from variables named SKAITYKLA_<tag>.
type Config struct {
	// TokenIssuer and TokenAudience are what tokens must have.
	TokenIssuer   string `env:"TOKEN_ISSUER" envDefault:"skaitykla"`
	TokenAudience string `env:"TOKEN_AUDIENCE" envDefault:"skaitykla"`
	// TokenKeys is the file or https address of the public keys; without it
	// every token is refused and only calls without one succeed.
	TokenKeys string `env:"TOKEN_KEYS"`
	// TokenRevocations is the file or https address of the revoked tokens.
	TokenRevocations string `env:"TOKEN_REVOCATIONS"`

	// TLSCert, TLSKey and TLSCA are PEM files; see rpc.TLSFiles.
	TLSCert string `env:"TLS_CERT_FILE"`
	TLSKey  string `env:"TLS_KEY_FILE"`
	TLSCA   string `env:"TLS_CA_FILE"`
	// Insecure allows plaintext off loopback.
	Insecure bool `env:"INSECURE"`
	// NoReflection leaves out the service that tells clients such as grpcurl
	// the contract.
	NoReflection bool `env:"NO_REFLECTION"`

	// LogLevel is debug, info, warn or error; LogFormat is text or json.
	LogLevel  string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat string `env:"LOG_FORMAT" envDefault:"text"`

	// Log gets the log. Required; OpenLog makes it of LogLevel and LogFormat.
	Log *slog.Logger
	// Listener is served on instead of the service's address when it is set.
	// The service closes it.
	Listener net.Listener
	// Verifier accepts tokens instead of TokenKeys when it is set.
	Verifier auth.Verifier
}

// OpenLog makes the log. The error is a *run.ConfigError.
func (c *Config) OpenLog(w io.Writer) error {
	log, err := run.Logger(w, c.LogLevel, c.LogFormat)
	if err != nil {
		return &run.ConfigError{Problems: []error{err}}
	}
	c.Log = log
	return nil
}

// OpenVerifier returns what accepts tokens, nil when there is nothing, and the
// worker that keeps its keys fresh.
func (c *Config) OpenVerifier(ctx context.Context) (auth.Verifier, Worker, error) {
	if c.Verifier != nil || c.TokenKeys == "" {
		return c.Verifier, func(context.Context) {}, nil
	}
	tokens, err := auth.OpenTokens(ctx, auth.TokensConfig{
		Issuer: c.TokenIssuer, Audience: c.TokenAudience,
		Keys: c.TokenKeys, Revocations: c.TokenRevocations, Log: c.Log,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the keys of tokens: %w", err)
	}
	return tokens, tokens.Run, nil
}

// maxReconnect is the longest wait before a service that was away is tried
// again: a restart of it must not be felt for long.
const maxReconnect = 3 * time.Second

// Dial prepares a connection to another service, which connects when it is
// first used. Tokens gives the token of calls that carry none; it may be nil.
func (c *Config) Dial(address string, tokens rpc.TokenSource) (*grpc.ClientConn, error) {
	secured, err := c.tlsFiles().Client()
	if err != nil {
		return nil, err
	}
	reconnect := backoff.DefaultConfig
	reconnect.MaxDelay = maxReconnect
	return rpc.Dial(rpc.Target{Address: address, TLS: secured, Insecure: c.Insecure, Tokens: tokens},
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: maxReconnect}))
}

// NewServer returns the server with the chain that all services share.
func (c *Config) NewServer(verifier auth.Verifier, register func(grpc.ServiceRegistrar)) (*rpc.Server, error) {
	secured, err := c.tlsFiles().Server()
	if err != nil {
		return nil, err
	}
	return rpc.NewServer(rpc.Config{
		Log: c.Log, Verifier: verifier, TLS: secured, Insecure: c.Insecure, NoReflection: c.NoReflection,
	}, register)
}

// Listen returns the listener: the one that is set, or one at the address.
func (c *Config) Listen(ctx context.Context, address string) (net.Listener, error) {
	if c.Listener != nil {
		return c.Listener, nil
	}
	return run.Listen(ctx, address)
}

// CloseListener closes the listener that is set. Call it deferred at the very
// beginning: when starting fails, nobody serves on it.
func (c *Config) CloseListener() {
	if c.Listener != nil {
		_ = c.Listener.Close() // closed already, unless starting failed
	}
}

func (c *Config) tlsFiles() rpc.TLSFiles {
	return rpc.TLSFiles{Cert: c.TLSCert, Key: c.TLSKey, CA: c.TLSCA}
}
