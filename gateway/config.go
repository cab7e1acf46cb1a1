package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
)

// Config is the configuration of the gateway, read from variables named
// SKAITYKLA_<tag>.
type Config struct {
	// Address is where to listen.
	Address string `env:"GATEWAY_ADDR" envDefault:"127.0.0.1:8080"`
	// ArticleAddress, MediaAddress and SharingAddress are where the services
	// listen.
	ArticleAddress string `env:"ARTICLE_ADDR" envDefault:"127.0.0.1:7001"`
	MediaAddress   string `env:"MEDIA_ADDR" envDefault:"127.0.0.1:7002"`
	SharingAddress string `env:"SHARING_ADDR" envDefault:"127.0.0.1:7003"`

	// TokenFile holds the token of the role service with which the sharing
	// service is asked where links lead and told how often they were opened;
	// without it links work, one call each, and nothing is counted.
	TokenFile string `env:"GATEWAY_TOKEN_FILE"`
	// Tokens gives the gateway's own token instead of TokenFile when it is set.
	Tokens rpc.TokenSource

	// CallTimeout is how long a REST call may take, watches left out.
	CallTimeout time.Duration `env:"CALL_TIMEOUT" envDefault:"30s"`
	// MaxBody is the largest JSON body and MaxUpload the largest upload, in
	// bytes.
	MaxBody   int64 `env:"MAX_BODY" envDefault:"1048576"`
	MaxUpload int64 `env:"MAX_UPLOAD" envDefault:"268435456"`
	// MaxInFlight is how many requests may be in progress, watches left out;
	// more are refused with 503.
	MaxInFlight int `env:"MAX_IN_FLIGHT" envDefault:"1024"`
	// TrustedProxies are the addresses, such as 10.0.0.0/8, whose
	// X-Forwarded-* headers count. None by default.
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES"`
	// CORSOrigins are the web origins whose scripts may use the API, such as
	// https://app.biblioteka.lt; * means all. None by default.
	CORSOrigins []string `env:"CORS_ORIGINS"`
	// Grace is how long requests in progress may take to end on shutdown.
	Grace time.Duration `env:"GRACE" envDefault:"10s"`

	// PublicCert and PublicKey are PEM files that make the gateway speak HTTPS
	// itself. Without them it speaks HTTP and takes tokens from this machine or
	// over a trusted proxy only.
	PublicCert string `env:"GATEWAY_TLS_CERT_FILE"`
	PublicKey  string `env:"GATEWAY_TLS_KEY_FILE"`

	// TLSCert, TLSKey and TLSCA are PEM files for the connections to the
	// services; see rpc.TLSFiles.
	TLSCert string `env:"TLS_CERT_FILE"`
	TLSKey  string `env:"TLS_KEY_FILE"`
	TLSCA   string `env:"TLS_CA_FILE"`
	// Insecure allows plaintext connections to services on other machines.
	Insecure bool `env:"INSECURE"`

	// LogLevel is debug, info, warn or error; LogFormat is text or json.
	LogLevel  string `env:"LOG_LEVEL" envDefault:"info"`
	LogFormat string `env:"LOG_FORMAT" envDefault:"text"`

	// Log gets the log. Required; Start makes it of LogLevel and LogFormat.
	Log *slog.Logger
	// Listener is served on instead of Address when it is set. Run closes it.
	Listener net.Listener
}

// LogValue returns the config for the log.
func (c Config) LogValue() slog.Value { return run.LogValue(c) }

// Check returns everything that is wrong with the config.
func (c Config) Check() error {
	var problems []error
	positive := []struct {
		name  string
		value int64
	}{
		{"CALL_TIMEOUT", int64(c.CallTimeout)},
		{"MAX_BODY", c.MaxBody},
		{"MAX_UPLOAD", c.MaxUpload},
		{"MAX_IN_FLIGHT", int64(c.MaxInFlight)},
		{"GRACE", int64(c.Grace)},
	}
	for _, p := range positive {
		if p.value <= 0 {
			problems = append(problems, fmt.Errorf("SKAITYKLA_%s: use more than 0", p.name))
		}
	}
	for _, origin := range c.CORSOrigins {
		if !isOrigin(origin) {
			problems = append(problems, fmt.Errorf(
				"SKAITYKLA_CORS_ORIGINS: %q: use scheme and host only, such as https://app.biblioteka.lt", origin))
		}
	}
	if (c.PublicCert == "") != (c.PublicKey == "") {
		problems = append(problems, errors.New(
			"SKAITYKLA_GATEWAY_TLS_CERT_FILE and SKAITYKLA_GATEWAY_TLS_KEY_FILE: set both or neither"))
	}
	return errors.Join(problems...)
}

func isOrigin(origin string) bool {
	if origin == "*" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.Scheme+"://"+u.Host == origin
}

func (c Config) tokens() rpc.TokenSource {
	switch {
	case c.Tokens != nil:
		return c.Tokens
	case c.TokenFile != "":
		return auth.NewTokenFile(c.TokenFile)
	}
	return nil
}

func (c Config) tls() rpc.TLSFiles { return rpc.TLSFiles{Cert: c.TLSCert, Key: c.TLSKey, CA: c.TLSCA} }
