package cli

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/internal/shortcode"
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
			return a.withSharing(c, func(s sharing) error {
				return printList(a, s.out, paged(func(token string) ([]*sharingv1.ShareLink, string, error) {
					page, err := s.ListShareLinks(c.Context(), &sharingv1.ListShareLinksRequest{
						Parent: s.site, PageSize: 200, PageToken: token, Filter: linkFilter(s.site, article, words),
					})
					return page.GetShareLinks(), page.GetNextPageToken(), err
				}), linkRow)
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
		parts = append(parts, "article = "+strconv.Quote(articleName(site, article)))
	}
	if words {
		parts = append(parts, "kind = WORDS")
	}
	return strings.Join(parts, " AND ")
}

// linkRow is what people read of a link.
func linkRow(l *sharingv1.ShareLink) []string {
	return []string{
		id(l.GetName()), stateWord(l.GetState()), day(l.GetCreateTime()), count(l.PeopleCount), count(l.MachineCount),
		id(l.GetArticle()), oneLine(l.GetNote()),
	}
}

func (a *app) linksShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show LINK",
		Short: "Print a short address as JSON, given its code or words as they are typed",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSharing(c, func(s sharing) error {
				link, err := s.GetShareLink(c.Context(), &sharingv1.GetShareLinkRequest{Name: linkName(s.site, args[0])})
				if err != nil {
					return err
				}
				return printMessage(s.out, link)
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
			return a.withSharing(c, func(s sharing) error {
				link, err := s.CreateShareLink(c.Context(), &sharingv1.CreateShareLinkRequest{
					Parent: s.site, ShareLinkId: args[0], RequestId: uuid.NewString(),
					ShareLink: &sharingv1.ShareLink{Article: s.articleName(args[1]), Note: note},
				})
				return a.printLink(s.out, link, err)
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
			return a.withSharing(c, func(s sharing) error {
				link, err := s.GetShareLink(c.Context(), &sharingv1.GetShareLinkRequest{Name: linkName(s.site, args[0])})
				if err != nil {
					return err
				}
				link, err = s.DeleteShareLink(c.Context(), &sharingv1.DeleteShareLinkRequest{
					Name: link.GetName(), Etag: link.GetEtag(), RequestId: uuid.NewString(),
				})
				return a.printLink(s.out, link, err)
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
