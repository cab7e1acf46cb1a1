package cli

import (
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/importer"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// onArticle is a command about one article, the first of args, which do gets as
// its working copy.
func (a *app) onArticle(do func(*cobra.Command, *connect.Suite, *articlev1.Article, []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
			article, err := suite.Articles.GetArticle(c.Context(), &articlev1.GetArticleRequest{
				Name: site.GetName() + "/articles/" + args[0], View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
			})
			if err != nil {
				return err
			}
			return do(c, suite, article, args)
		})
	}
}

func (a *app) articleCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check ID",
		Short: "Tell what should be mended in an article, errors first",
		Args:  cobra.ExactArgs(1),
		RunE: a.onArticle(func(c *cobra.Command, suite *connect.Suite, article *articlev1.Article, _ []string) error {
			resp, err := suite.Articles.CheckArticle(c.Context(), &articlev1.CheckArticleRequest{Name: article.GetName()})
			if err != nil {
				return err
			}
			return a.tellFindings(c, article, resp.GetFindings())
		}),
	}
}

func (a *app) articleFix() *cobra.Command {
	var dry bool
	var rules []string
	c := &cobra.Command{
		Use:   "fix ID",
		Short: "Repair the typography of an article where there is but one right way",
		Args:  cobra.ExactArgs(1),
		RunE: a.onArticle(func(c *cobra.Command, suite *connect.Suite, article *articlev1.Article, _ []string) error {
			resp, err := suite.Articles.FixArticle(c.Context(), &articlev1.FixArticleRequest{
				Name: article.GetName(), Etag: article.GetEtag(), RequestId: uuid.NewString(), Rules: rules, ValidateOnly: dry,
			})
			if err != nil {
				return err
			}
			if a.json {
				return printMessage(c.OutOrStdout(), resp)
			}
			tellRepairs(c.OutOrStdout(), resp, dry)
			return nil
		}),
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "change nothing, show what would change")
	c.Flags().StringSliceVar(&rules, "rules", nil, "repair the findings of these rules only, separated by commas")
	return c
}

func tellRepairs(w io.Writer, resp *articlev1.FixArticleResponse, dry bool) {
	places := importer.Places(resp.GetArticle())
	for _, r := range resp.GetRepairs() {
		fmt.Fprintf(w, "  %s, %s: %q -> %q (%s)\n", placeOf(places, r.GetBlockId()), r.GetField(), r.GetBaseText(), r.GetText(), r.GetRule())
	}
	switch {
	case len(resp.GetRepairs()) == 0:
		fmt.Fprintln(w, "nothing to repair")
	case dry:
		fmt.Fprintf(w, "%d repairs would be made\n", len(resp.GetRepairs()))
	default:
		fmt.Fprintf(w, "%d repairs made, revision %d\n", len(resp.GetRepairs()), resp.GetArticle().GetRevision())
	}
}

func (a *app) articleWaive() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "waive ID FINGERPRINT --reason TEXT",
		Short: "Let a finding of the check stand",
		Args:  cobra.ExactArgs(2),
		RunE: a.onArticle(func(c *cobra.Command, suite *connect.Suite, article *articlev1.Article, args []string) error {
			resp, err := suite.Articles.WaiveFinding(c.Context(), &articlev1.WaiveFindingRequest{
				Article: article.GetName(), Etag: article.GetEtag(), RequestId: uuid.NewString(), Fingerprint: args[1], Reason: reason,
			})
			if err != nil {
				return err
			}
			return a.tellFindings(c, article, resp.GetFindings())
		}),
	}
	c.Flags().StringVar(&reason, "reason", "", "why it may stay, for those who come later; needed")
	_ = c.MarkFlagRequired("reason")
	return c
}

func (a *app) articleRestore() *cobra.Command {
	return &cobra.Command{
		Use:   "restore ID FINGERPRINT",
		Short: "Take back that a finding may stand",
		Args:  cobra.ExactArgs(2),
		RunE: a.onArticle(func(c *cobra.Command, suite *connect.Suite, article *articlev1.Article, args []string) error {
			resp, err := suite.Articles.RestoreFinding(c.Context(), &articlev1.RestoreFindingRequest{
				Article: article.GetName(), Etag: article.GetEtag(), RequestId: uuid.NewString(), Fingerprint: args[1],
			})
			if err != nil {
				return err
			}
			return a.tellFindings(c, article, resp.GetFindings())
		}),
	}
}

// tellFindings prints findings, with what it takes to waive them.
func (a *app) tellFindings(c *cobra.Command, article *articlev1.Article, findings []*articlev1.Finding) error {
	if a.json {
		for _, f := range findings {
			if err := printLine(c.OutOrStdout(), f); err != nil {
				return err
			}
		}
		return nil
	}
	if len(findings) == 0 {
		_, err := fmt.Fprintln(c.OutOrStdout(), "nothing to mend")
		return err
	}
	places := importer.Places(article)
	for _, f := range findings {
		reportFindings(c.OutOrStdout(), []*articlev1.Finding{f}, places)
		if f.GetWaivable() && !f.GetWaived() {
			fmt.Fprintf(c.OutOrStdout(), "    waive it with: article waive %s %s --reason TEXT\n", id(article.GetName()), f.GetFingerprint())
		}
	}
	return nil
}

// placeOf says which block is meant.
func placeOf(blocks map[string]importer.BlockPlace, blockID string) string {
	if b, ok := blocks[blockID]; ok {
		return fmt.Sprintf("block %d (%s, id %s)", b.Number, b.Kind, blockID)
	}
	return "article"
}
