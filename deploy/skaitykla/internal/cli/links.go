package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// links is the command `links`.
func (a *app) links() *cobra.Command {
	c := &cobra.Command{
		Use:   "links",
		Short: "List, show, add and delete short addresses of articles, and count who opens them",
		Long: `Short addresses lead to an article for good, wherever it moves: /s/ and a code
that every published article has, or words that somebody chose for a campaign.`,
	}
	c.AddCommand(a.linksList(), a.linksShow(), a.linksStats(), a.linksAdd(), a.linksDelete())
	return a.onSite(a.reaching(c))
}

// linkRun is what a command does with the links of a site.
type linkRun func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error

// withLinks runs a command against the sharing service.
func (a *app) withLinks(c *cobra.Command, run linkRun) error {
	return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
		shares, err := suite.Sharing()
		if err != nil {
			return err
		}
		return run(c.Context(), shares, site.GetName(), c.OutOrStdout())
	})
}

func (a *app) linksList() *cobra.Command {
	var article string
	var words bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List short addresses, the newest first: id, state, day, people, machines, article, note",
		Example: `  skaitykla links list --words
  skaitykla links list --of knygu-muge`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withLinks(c, func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error {
				return a.linkPages(out, func(token string) (*sharingv1.ListShareLinksResponse, error) {
					return shares.ListShareLinks(ctx, &sharingv1.ListShareLinksRequest{
						Parent: site, PageSize: 200, PageToken: token, Filter: linkFilter(site, article, words),
					})
				})
			})
		},
	}
	c.Flags().StringVar(&article, "of", "", "only those of one article")
	c.Flags().BoolVar(&words, "words", false, "only words that somebody chose")
	return c
}

// linkFilter is the filter for an article, if any, and for words.
func linkFilter(site, article string, words bool) string {
	var parts []string
	if article != "" {
		parts = append(parts, "article = "+strconv.Quote(site+"/articles/"+id(article)))
	}
	if words {
		parts = append(parts, "kind = WORDS")
	}
	return strings.Join(parts, " AND ")
}

// linkPages prints pages until one is the last.
func (a *app) linkPages(out io.Writer, read func(token string) (*sharingv1.ListShareLinksResponse, error)) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for token := ""; ; {
		page, err := read(token)
		if err != nil {
			return err
		}
		for _, link := range page.GetShareLinks() {
			if a.json {
				if err := printLine(out, link); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintln(table, strings.Join(linkRow(link), "\t"))
		}
		if token = page.GetNextPageToken(); token == "" {
			return table.Flush()
		}
	}
}

// linkRow is what people read of a link.
func linkRow(l *sharingv1.ShareLink) []string {
	return []string{
		id(l.GetName()), stateWord(l.GetState()), day(l.GetCreateTime()), count(l.PeopleCount), count(l.MachineCount),
		id(l.GetArticle()), oneLine(l.GetNote()),
	}
}

// count is a number of clicks as people read it, which is not told when it is
// small.
func count(n *int64) string {
	if n == nil {
		return "<5"
	}
	return strconv.FormatInt(*n, 10)
}

func (a *app) linksShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show LINK",
		Short: "Print a short address as JSON, given its code or words as they are typed",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withLinks(c, func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error {
				link, err := shares.GetShareLink(ctx, &sharingv1.GetShareLinkRequest{Name: linkName(site, args[0])})
				if err != nil {
					return err
				}
				return printMessage(out, link)
			})
		},
	}
}

// linkName is the name of the link that somebody typed, perhaps with its whole
// address.
func linkName(site, typed string) string {
	last := id(typed)
	if parsed, ok := shortcode.Parse(last); ok {
		last = parsed.ID
	}
	return site + "/shareLinks/" + last
}

func (a *app) linksAdd() *cobra.Command {
	var note string
	c := &cobra.Command{
		Use:     "add WORDS ARTICLE",
		Short:   "Add a short address of chosen words to an article that is or was public",
		Long:    "Add a short address of 4 to 40 letters a-z, digits and hyphens. Words are\nnever given twice, also not after they were deleted.",
		Example: `  skaitykla links add knygu-muge a-3f2c --note "Plakatas"`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if err := shortcode.CheckWords("WORDS", args[0]); err != nil {
				return err
			}
			return a.withLinks(c, func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error {
				link, err := shares.CreateShareLink(ctx, &sharingv1.CreateShareLinkRequest{
					Parent: site, ShareLinkId: args[0], RequestId: uuid.NewString(),
					ShareLink: &sharingv1.ShareLink{Article: site + "/articles/" + id(args[1]), Note: note},
				})
				return a.printLink(out, link, err)
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "what it is for; only staff sees it")
	return c
}

func (a *app) linksDelete() *cobra.Command {
	return &cobra.Command{
		Use:   "delete WORDS",
		Short: "Let chosen words lead nowhere from now on, for good",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withLinks(c, func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error {
				link, err := shares.GetShareLink(ctx, &sharingv1.GetShareLinkRequest{Name: linkName(site, args[0])})
				if err != nil {
					return err
				}
				link, err = shares.DeleteShareLink(ctx, &sharingv1.DeleteShareLinkRequest{
					Name: link.GetName(), Etag: link.GetEtag(), RequestId: uuid.NewString(),
				})
				return a.printLink(out, link, err)
			})
		},
	}
}

// printLink prints the address of a link that was made or deleted, and its
// state.
func (a *app) printLink(out io.Writer, link *sharingv1.ShareLink, err error) error {
	if err != nil {
		return err
	}
	if a.json {
		return printLine(out, link)
	}
	_, err = fmt.Fprintf(out, "%s %s\n", link.GetUri(), stateWord(link.GetState()))
	return err
}
