package sharing

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
)

// Config is the configuration of the sharing service, read from variables
// named SKAITYKLA_<tag>.
type Config struct {
	// Address is where to listen.
	Address string `env:"SHARING_ADDR" envDefault:"127.0.0.1:7003"`
	// ArticleAddress is where the article service listens.
	ArticleAddress string `env:"ARTICLE_ADDR" envDefault:"127.0.0.1:7001"`
	// ArticleTimeout is how long one read from the article service may take.
	ArticleTimeout time.Duration `env:"ARTICLE_TIMEOUT" envDefault:"3s"`
	// PublicURI is the address at which readers reach the suite, such as
	// "http://127.0.0.1:8080". Links and feeds of sites that have no base_uri
	// of their own begin with it; without it they begin with a slash, which
	// works on the site but not elsewhere.
	PublicURI string `env:"PUBLIC_URI"`

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

	// LogLevel is debug, info, warn or error; LogFormat is text or json.
	LogLevel  string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat string `env:"LOG_FORMAT" envDefault:"text"`

	// Log gets the log. Required; Start makes it of LogLevel and LogFormat.
	Log *slog.Logger
	// Listener is served on instead of Address when it is set. Run closes it.
	Listener net.Listener
	// Verifier accepts tokens instead of TokenKeys when it is set.
	Verifier auth.Verifier
}

// LogValue returns the config for the log.
func (c Config) LogValue() slog.Value { return run.LogValue(c) }

// Check returns everything that is wrong with the config.
func (c Config) Check() error {
	var problems []error
	if c.ArticleTimeout <= 0 || c.ArticleTimeout > time.Minute {
		problems = append(problems, fmt.Errorf("SKAITYKLA_ARTICLE_TIMEOUT=%s: use more than 0 and at most 1m", c.ArticleTimeout))
	}
	if c.PublicURI != "" && !isOrigin(c.PublicURI) {
		problems = append(problems, fmt.Errorf("SKAITYKLA_PUBLIC_URI=%q: use scheme and host only, such as https://biblioteka.lt", c.PublicURI))
	}
	return errors.Join(problems...)
}

// isOrigin reports whether uri is a scheme and a host and nothing more.
func isOrigin(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && u.Scheme+"://"+u.Host == uri && len(uri) <= 300
}

func (c Config) tls() rpc.TLSFiles { return rpc.TLSFiles{Cert: c.TLSCert, Key: c.TLSKey, CA: c.TLSCA} }
