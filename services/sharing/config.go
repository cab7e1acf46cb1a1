package sharing

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/run"
)

// Config is the configuration of the sharing service, read from variables
// named SKAITYKLA_<tag>.
type Config struct {
	host.Config
	WebhookConfig

	// Address is where to listen.
	Address string `env:"SHARING_ADDR" envDefault:"127.0.0.1:7003"`
	// Store is the URL of the key-value store, such as bolt:///var/lib/sharing.db.
	Store string `env:"SHARING_STORE,required"`
	// ArticleAddress is where the article service listens.
	ArticleAddress string `env:"ARTICLE_ADDR" envDefault:"127.0.0.1:7001"`
	// ArticleTimeout is how long one read from the article service may take.
	ArticleTimeout time.Duration `env:"ARTICLE_TIMEOUT" envDefault:"3s"`
	// CacheBytes is how much memory decoded articles may take, about.
	CacheBytes uint64 `env:"SHARING_CACHE_BYTES" envDefault:"67108864"`
	// MediaAddress is where the media service listens, which draws the social
	// cards of previews; MediaTimeout is how long a preview waits for it before
	// it shows the cover instead.
	MediaAddress string        `env:"MEDIA_ADDR" envDefault:"127.0.0.1:7002"`
	MediaTimeout time.Duration `env:"SHARING_MEDIA_TIMEOUT" envDefault:"500ms"`
	// WithdrawalHold is how long the article service must lack most of the
	// articles that are known here before they are withdrawn; 0s believes it at
	// once. It matters only when the feed is read from a snapshot, as after a
	// change of its store.
	WithdrawalHold time.Duration `env:"SHARING_WITHDRAWAL_HOLD" envDefault:"24h"`
	// PublicURI is the address at which readers reach the suite, such as
	// "http://127.0.0.1:8080". Links and feeds of sites that have no base_uri
	// of their own begin with it; without it they begin with a slash, which
	// works on the site but not elsewhere.
	PublicURI string `env:"PUBLIC_URI"`
	// MaxWatchers is how many watch streams may be open.
	MaxWatchers int64 `env:"SHARING_MAX_WATCHERS" envDefault:"200"`
}

// LogValue returns the config for the log.
func (c Config) LogValue() slog.Value { return run.LogValue(c) }

// Check returns everything that is wrong with the config.
func (c Config) Check() error {
	var problems []error
	if c.ArticleTimeout <= 0 || c.ArticleTimeout > time.Minute {
		problems = append(problems, fmt.Errorf("SKAITYKLA_ARTICLE_TIMEOUT=%s: use more than 0 and at most 1m", c.ArticleTimeout))
	}
	if c.MediaTimeout <= 0 || c.MediaTimeout > time.Minute {
		problems = append(problems, fmt.Errorf("SKAITYKLA_SHARING_MEDIA_TIMEOUT=%s: use more than 0 and at most 1m", c.MediaTimeout))
	}
	if c.WithdrawalHold < 0 {
		problems = append(problems, fmt.Errorf("SKAITYKLA_SHARING_WITHDRAWAL_HOLD=%s: use 0s or more", c.WithdrawalHold))
	}
	if c.MaxWatchers <= 0 {
		problems = append(problems, errors.New("SKAITYKLA_SHARING_MAX_WATCHERS: use more than 0"))
	}
	if c.PublicURI != "" && !isOrigin(c.PublicURI) {
		problems = append(problems, fmt.Errorf("SKAITYKLA_PUBLIC_URI=%q: use scheme and host only, such as https://biblioteka.lt", c.PublicURI))
	}
	return errors.Join(append(problems, c.checkWebhooks())...)
}

// isOrigin reports whether uri is a scheme and a host and nothing more.
func isOrigin(uri string) bool {
	u, err := url.Parse(uri)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && u.Scheme+"://"+u.Host == uri && len(uri) <= 300
}
