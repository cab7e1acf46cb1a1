package cli

import (
	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/suite"
	"github.com/skaitykla/skaitykla/internal/run"
)

// up is the command `up`.
func (a *app) up() *cobra.Command {
	config := suite.Config{Getenv: a.getenv}
	var demo bool
	var level, format string
	c := &cobra.Command{
		Use:   "up",
		Short: "Start the suite on this machine",
		Long: `Start everything on this machine: the article, media and sharing services, the
gateway, and the MinIO server for photographs. All data is kept in one folder.

The suite stops on Ctrl-C or SIGTERM. What can be configured further is read
from SKAITYKLA_ variables, see docs/operating.md; an S3 server of your own is
used instead of MinIO when SKAITYKLA_S3_ENDPOINT is set.`,
		Example: `  skaitykla up --data /var/lib/skaitykla --http 0.0.0.0:8080
  skaitykla up --demo`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			log, err := run.Logger(c.ErrOrStderr(), level, format)
			if err != nil {
				return err
			}
			config.Out, config.Log = c.OutOrStdout(), log
			if demo {
				config.Fill = fillDemo(config.Data, c.OutOrStdout())
			}
			return suite.Run(c.Context(), config)
		},
	}
	f := c.Flags()
	f.StringVar(&config.Data, "data", a.dataDir(), "folder for everything the suite keeps")
	f.StringVar(&config.HTTP, "http", "127.0.0.1:8080", "address for web frontends; port 0 takes a free one")
	f.StringVar(&config.Article, "article-addr", "127.0.0.1:7001", "gRPC address of the article service")
	f.StringVar(&config.Media, "media-addr", "127.0.0.1:7002", "gRPC address of the media service")
	f.StringVar(&config.Sharing, "sharing-addr", "127.0.0.1:7003", "gRPC address of the sharing service")
	f.StringVar(&config.ReadyFile, "ready-file", "", "file to write the addresses to, as JSON, once everything answers")
	f.BoolVar(&demo, "demo", false, "fill an example newsroom to look around in")
	f.StringVar(&level, "log-level", a.envOr("SKAITYKLA_LOG_LEVEL", "warn"), "debug, info, warn or error")
	f.StringVar(&format, "log-format", a.envOr("SKAITYKLA_LOG_FORMAT", "text"), "text or json")
	return c
}

func (a *app) envOr(name, otherwise string) string {
	if value := a.getenv(name); value != "" {
		return value
	}
	return otherwise
}
