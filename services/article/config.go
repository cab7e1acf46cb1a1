package article

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
)

// Config is the configuration of the article service, read from variables
// named SKAITYKLA_<tag>.
type Config struct {
	host.Config

	// Address is where to listen.
	Address string `env:"ARTICLE_ADDR" envDefault:"127.0.0.1:7001"`
	// MediaAddress is where the media service listens.
	MediaAddress string `env:"MEDIA_ADDR" envDefault:"127.0.0.1:7002"`
	// Store is the URL of the key-value store, such as
	// bolt:///var/lib/article.db.
	Store string `env:"ARTICLE_STORE,required"`
	// IndexDir is the folder of the search index, which can be made anew from
	// the store at any time; beside the file of a bolt store when it is empty.
	IndexDir string `env:"ARTICLE_INDEX_DIR"`
	// TokenFile holds the token of the role service with which media is asked
	// about photos; without it articles with photos cannot be saved.
	TokenFile string `env:"ARTICLE_TOKEN_FILE"`

	// MaxWatchers is how many watch streams without a token may be open,
	// MaxWatchersPerAddress how many of them from one /24 or /48.
	MaxWatchers           int `env:"ARTICLE_MAX_WATCHERS" envDefault:"2000"`
	MaxWatchersPerAddress int `env:"ARTICLE_MAX_WATCHERS_PER_ADDRESS" envDefault:"20"`
	// Heartbeat is how long an idle watcher hears nothing, at most 10 s.
	Heartbeat time.Duration `env:"ARTICLE_HEARTBEAT" envDefault:"5s"`
	// WatchEvents and WatchBytes bound the newest events of a view that are kept
	// in memory for all its watchers. Who is overtaken by them after lagging for
	// longer than WatchPatience, or takes longer for one message, is cut off.
	WatchEvents   int           `env:"ARTICLE_WATCH_EVENTS" envDefault:"1024"`
	WatchBytes    int           `env:"ARTICLE_WATCH_BYTES" envDefault:"8388608"`
	WatchPatience time.Duration `env:"ARTICLE_WATCH_PATIENCE" envDefault:"30s"`
	// TrustedProxies are the networks whose x-forwarded-for counts, besides
	// this machine: proxies, and gateways on other machines.
	TrustedProxies []netip.Prefix `env:"TRUSTED_PROXIES"`
	// SweepEvery is how often old request ids and deleted articles whose time
	// has come are removed.
	SweepEvery time.Duration `env:"ARTICLE_SWEEP_EVERY" envDefault:"1m"`
	// Tokens gives the service's own token instead of TokenFile when it is set.
	Tokens rpc.TokenSource
}

// LogValue returns the config for the log.
func (c Config) LogValue() slog.Value { return run.LogValue(c) }

// Check returns everything that is wrong with the config.
func (c Config) Check() error {
	var problems []error
	if c.MaxWatchers <= 0 || c.MaxWatchersPerAddress <= 0 {
		problems = append(problems, errors.New("SKAITYKLA_ARTICLE_MAX_WATCHERS and SKAITYKLA_ARTICLE_MAX_WATCHERS_PER_ADDRESS: use more than 0"))
	}
	if c.Heartbeat <= 0 || c.Heartbeat > 10*time.Second {
		problems = append(problems, fmt.Errorf("SKAITYKLA_ARTICLE_HEARTBEAT=%s: use more than 0 and at most 10s", c.Heartbeat))
	}
	if c.WatchEvents <= 0 || c.WatchBytes <= 0 || c.WatchPatience <= 0 {
		problems = append(problems, errors.New("SKAITYKLA_ARTICLE_WATCH_EVENTS, SKAITYKLA_ARTICLE_WATCH_BYTES and SKAITYKLA_ARTICLE_WATCH_PATIENCE: use more than 0"))
	}
	if c.SweepEvery <= 0 {
		problems = append(problems, errors.New("SKAITYKLA_ARTICLE_SWEEP_EVERY: use more than 0"))
	}
	if c.indexDir() == "" {
		problems = append(problems, errors.New("SKAITYKLA_ARTICLE_INDEX_DIR: name a folder of this machine; each replica has its own"))
	}
	return errors.Join(problems...)
}

// indexDir returns the folder of the search index.
func (c Config) indexDir() string { return cmp.Or(c.IndexDir, kvopen.Beside(c.Store, "-index")) }

// tokens returns where the service's own token comes from; nil for nowhere.
func (c Config) tokens() rpc.TokenSource {
	switch {
	case c.Tokens != nil:
		return c.Tokens
	case c.TokenFile != "":
		return auth.NewTokenFile(c.TokenFile)
	}
	return nil
}
