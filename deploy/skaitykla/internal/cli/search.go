package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// searching is the command `search`.
func (a *app) searching() *cobra.Command {
	request := &articlev1.SearchArticlesRequest{}
	var working, newest bool
	c := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find articles by their words, in any grammatical form",
		Long: `Find articles by their words, in any grammatical form and with or without
diacritics. Words in quotation marks stand side by side:

  skaitykla search '"knygų mugė"'`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			request.Query = strings.Join(args, " ")
			if working {
				request.View = articlev1.ArticleView_ARTICLE_VIEW_WORKING
			}
			if newest {
				request.OrderBy = "publish_time desc"
			}
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				request.Parent = site.GetName()
				return a.search(c, suite, request)
			})
		},
	}
	c.Flags().BoolVar(&working, "working", false, "search working copies instead of what readers see")
	c.Flags().BoolVar(&newest, "newest", false, "the newest first instead of the best")
	c.Flags().StringVar(&request.Filter, "filter", "", `only some, such as 'tags:"Danija" AND publish_time > "2024-01-01T00:00:00Z"'`)
	c.Flags().Int32Var(&request.PageSize, "limit", 20, "how many articles to print")
	return a.onSite(a.reaching(c))
}

func (a *app) search(c *cobra.Command, suite *connect.Suite, request *articlev1.SearchArticlesRequest) error {
	found, err := suite.Articles.SearchArticles(c.Context(), request)
	if err != nil {
		return err
	}
	for _, r := range found.GetResults() {
		if a.json {
			if err := printLine(c.OutOrStdout(), r); err != nil {
				return err
			}
			continue
		}
		printFound(c.OutOrStdout(), r)
	}
	if !a.json {
		fmt.Fprintf(c.ErrOrStderr(), "%d of %d\n", len(found.GetResults()), found.GetTotalSize())
	}
	return nil
}

// printFound prints an article that was found and where the words stand in it,
// each of them between asterisks.
func printFound(w io.Writer, r *articlev1.SearchArticlesResponse_Result) {
	found := r.GetArticle()
	fmt.Fprintf(w, "%s  %s  %s  %s\n", id(found.GetName()), day(found.GetPublishTime()), found.GetLanguageCode(), found.GetTitle())
	for _, snippet := range r.GetSnippets() {
		var text strings.Builder
		for _, p := range snippet.GetPieces() {
			if p.GetMatch() {
				text.WriteString("*" + p.GetText() + "*")
			} else {
				text.WriteString(p.GetText())
			}
		}
		fmt.Fprintf(w, "    %s: %s\n", snippet.GetField(), strings.Join(strings.Fields(text.String()), " "))
	}
}
