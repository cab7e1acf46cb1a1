package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// articlePreview is the command `article preview`.
func (a *app) articlePreview() *cobra.Command {
	var whom string
	var days int
	var revoke bool
	c := &cobra.Command{
		Use:   "preview ID",
		Short: "Make an address that shows the working copy to whoever has it; or revoke all of them",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				name := site.GetName() + "/articles/" + args[0]
				if revoke {
					return a.revokePreviews(c, suite, name)
				}
				return a.makePreview(c, suite, name, &articlev1.PreviewToken{
					DisplayName: whom, ExpireTime: timestamppb.New(time.Now().AddDate(0, 0, days)),
				})
			})
		},
	}
	c.Flags().StringVar(&whom, "for", "", "whom it is for, so that you know it again")
	c.Flags().IntVar(&days, "days", 7, "for how many days, at most 14") //nolint:mnd // the default of the service
	c.Flags().BoolVar(&revoke, "revoke", false, "end all previews of the article instead")
	return c
}

func (a *app) makePreview(c *cobra.Command, suite *connect.Suite, name string, wanted *articlev1.PreviewToken) error {
	token, err := suite.Articles.CreatePreviewToken(c.Context(), &articlev1.CreatePreviewTokenRequest{Parent: name, PreviewToken: wanted})
	if err != nil {
		return err
	}
	if strings.HasPrefix(token.GetUri(), "/") {
		token.Uri = suite.HTTP + token.GetUri()
	}
	if a.json {
		return printMessage(c.OutOrStdout(), token)
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s\n", token.GetUri())
	return err
}

func (a *app) revokePreviews(c *cobra.Command, suite *connect.Suite, name string) error {
	revoked := 0
	for {
		// Always the first page: what was on it is gone the next time.
		page, err := suite.Articles.ListPreviewTokens(c.Context(), &articlev1.ListPreviewTokensRequest{Parent: name})
		if err != nil {
			return err
		}
		for _, token := range page.GetPreviewTokens() {
			if _, err := suite.Articles.DeletePreviewToken(c.Context(), &articlev1.DeletePreviewTokenRequest{Name: token.GetName()}); err != nil {
				return err
			}
			revoked++
		}
		if page.GetNextPageToken() == "" {
			break
		}
	}
	_, err := fmt.Fprintf(c.OutOrStdout(), "%d previews revoked\n", revoked)
	return err
}
