package suite

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/keyring"
	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/media"
	"github.com/skaitykla/skaitykla/services/sharing"
)

// services is what the configuration of every server is made of.
type services struct {
	Config
	keys     *keyring.Keyring
	objects  *objects
	doors    *doors
	verifier auth.Verifier
}

// serviceLife is how long the token lives that a service calls others with;
// it is renewed by itself.
const serviceLife = time.Hour

// startServices starts all servers. Any variable an operator sets for a
// separate binary also works here, except those this program decides.
func startServices(ctx context.Context, running *parts, s services) error {
	articles, err := run.Load[article.Config](s.getenv)
	if err != nil {
		return err
	}
	articles.Listener, articles.Verifier, articles.Log = s.doors.article, s.verifier, s.log("article")
	articles.Tokens = auth.NewRenewing(s.keys.Issuer, serving("article"), serviceLife)
	photos, err := run.Load[media.Config](s.getenv)
	if err != nil {
		return err
	}
	photos.Listener, photos.Verifier, photos.Log = s.doors.media, s.verifier, s.log("media")
	photos.Tokens = auth.NewRenewing(s.keys.Issuer, serving("media"), serviceLife)
	links, err := run.Load[sharing.Config](s.getenv)
	if err != nil {
		return err
	}
	links.Listener, links.Verifier, links.Log = s.doors.sharing, s.verifier, s.log("sharing")
	front, err := run.Load[gateway.Config](s.getenv)
	if err != nil {
		return err
	}
	front.Listener, front.Log = s.doors.http, s.log("gateway")
	front.Tokens = auth.NewRenewing(s.keys.Issuer, serving("gateway"), serviceLife)
	running.start(ctx, "article service", func(ctx context.Context) error { return article.Run(ctx, articles) })
	running.start(ctx, "media service", func(ctx context.Context) error { return media.Run(ctx, photos) })
	running.start(ctx, "sharing service", func(ctx context.Context) error { return sharing.Run(ctx, links) })
	running.startFront(ctx, "gateway", func(ctx context.Context) error { return gateway.Run(ctx, front) })
	return nil
}

func (s services) log(name string) *slog.Logger { return s.Log.With("part", name) }

// getenv answers what this program decides, and else what the operator set.
func (s services) getenv(name string) string {
	at := s.doors.addresses()
	decided := map[string]string{
		"SKAITYKLA_ARTICLE_ADDR":  at.Article,
		"SKAITYKLA_MEDIA_ADDR":    at.Media,
		"SKAITYKLA_SHARING_ADDR":  at.Sharing,
		"SKAITYKLA_ARTICLE_STORE": s.store("article"),
		"SKAITYKLA_MEDIA_STORE":   s.store("media"),
		"SKAITYKLA_SHARING_STORE": s.store("sharing"),
	}
	if s.objects.endpoint != "" {
		decided["SKAITYKLA_S3_ENDPOINT"] = s.objects.endpoint
		decided["SKAITYKLA_S3_ACCESS_KEY"] = s.objects.accessKey
		decided["SKAITYKLA_S3_SECRET_KEY"] = s.objects.secretKey
		// What the environment says of another server is not for ours.
		for _, name := range []string{"ACCESS_KEY_FILE", "SECRET_KEY_FILE", "CA_FILE", "SECURE", "ADDRESSING", "REGION"} {
			decided["SKAITYKLA_S3_"+name] = ""
		}
	}
	if value, ok := decided[name]; ok {
		return value
	}
	if value := s.Getenv(name); value != "" {
		return value
	}
	if name == "SKAITYKLA_PUBLIC_URI" {
		return at.HTTP
	}
	return ""
}

func (s services) store(name string) string {
	path, err := filepath.Abs(filepath.Join(s.Data, name+".db"))
	if err != nil {
		path = filepath.Join(s.Data, name+".db")
	}
	return fmt.Sprintf("bolt://%s", path)
}
