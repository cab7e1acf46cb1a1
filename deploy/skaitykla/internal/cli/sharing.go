package cli

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// sharing is what the commands `links`, `preview`, `qr` and `webhooks` work
// with: the service, the name of the site, and where to print.
type sharing struct {
	sharingv1.SharingServiceClient
	site string
	out  io.Writer
}

// withSharing runs a command with the sharing service and the site the flags
// name.
func (a *app) withSharing(c *cobra.Command, do func(sharing) error) error {
	return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
		client, err := suite.Sharing()
		if err != nil {
			return err
		}
		return do(sharing{client, site.GetName(), c.OutOrStdout()})
	})
}

// articleName is the name of the article that somebody typed, as its id or as a
// whole.
func (s sharing) articleName(typed string) string { return articleName(s.site, typed) }

func articleName(site, typed string) string { return site + "/articles/" + id(typed) }
