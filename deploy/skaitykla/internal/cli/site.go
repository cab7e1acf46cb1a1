package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// sites is the command `site`.
func (a *app) sites() *cobra.Command {
	c := &cobra.Command{Use: "site", Short: "Make and list sites, one for each library"}
	c.AddCommand(a.siteList(), a.siteCreate(), a.siteGet())
	return a.reaching(c)
}

func (a *app) siteList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the sites",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			suite, err := connect.Open(a.where)
			if err != nil {
				return err
			}
			defer suite.Close()
			return printList(a, c.OutOrStdout(), paged(func(token string) ([]*articlev1.Site, string, error) {
				page, err := suite.Articles.ListSites(c.Context(), &articlev1.ListSitesRequest{PageSize: 200, PageToken: token})
				return page.GetSites(), page.GetNextPageToken(), err
			}), siteRow)
		},
	}
}

// siteRow is what people read of a site.
func siteRow(site *articlev1.Site) []string {
	return []string{id(site.GetName()), site.GetTitle(), fmt.Sprint(site.GetLanguageCodes()), site.GetBaseUri()}
}

func (a *app) siteGet() *cobra.Command {
	return &cobra.Command{
		Use:   "get ID",
		Short: "Print a site as JSON",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			a.site = args[0]
			return a.withSite(c.Context(), func(_ *connect.Suite, site *articlev1.Site) error {
				return printMessage(c.OutOrStdout(), site)
			})
		},
	}
}

func (a *app) siteCreate() *cobra.Command {
	site := &articlev1.Site{Publisher: &articlev1.Publisher{}}
	c := &cobra.Command{
		Use:     "create ID",
		Short:   "Make a site",
		Example: `  skaitykla site create kaunas --title "Kauno biblioteka" --host naujienos.example.lt --base-uri https://naujienos.example.lt`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			suite, err := connect.Open(a.where)
			if err != nil {
				return err
			}
			defer suite.Close()
			if site.GetPublisher().GetTitle() == "" {
				site.Publisher.Title = site.GetTitle()
			}
			site.DefaultLanguageCode = site.GetLanguageCodes()[0]
			created, err := suite.Articles.CreateSite(c.Context(), &articlev1.CreateSiteRequest{SiteId: args[0], Site: site})
			if err != nil {
				return err
			}
			if a.json {
				return printMessage(c.OutOrStdout(), created)
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s is there\n", created.GetName())
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&site.Title, "title", "", "the name readers see")
	f.StringVar(&site.Description, "description", "", "one sentence on what the site is")
	f.StringSliceVar(&site.Hosts, "host", nil, "host name the site answers to; may be given several times")
	f.StringVar(&site.BaseUri, "base-uri", "", "scheme and host of absolute addresses, such as https://naujienos.example.lt")
	f.StringSliceVar(&site.LanguageCodes, "language", []string{"lt", "en"}, "languages of articles, the default one first")
	f.StringVar(&site.TimeZone, "time-zone", "Europe/Vilnius", "IANA time zone of the library")
	f.StringVar(&site.Publisher.Title, "publisher", "", "full name of the library; the title when not given")
	_ = c.MarkFlagRequired("title")
	return c
}
