package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func (a *app) articleSubmit() *cobra.Command {
	var note string
	c := &cobra.Command{
		Use:   "submit ID",
		Short: "Ask an editor to look at a draft",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.transition(c, args[0], func(ctx context.Context, suite *connect.Suite, article *articlev1.Article) (*articlev1.Article, error) {
				return suite.Articles.SubmitArticle(ctx, &articlev1.SubmitArticleRequest{Name: article.GetName(), Etag: article.GetEtag(), Note: note})
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "what the editor is to look at")
	return c
}

func (a *app) articleReturn() *cobra.Command {
	var note string
	c := &cobra.Command{
		Use:   "return ID --note TEXT",
		Short: "Give a submitted article back to its author",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.transition(c, args[0], func(ctx context.Context, suite *connect.Suite, article *articlev1.Article) (*articlev1.Article, error) {
				return suite.Articles.ReturnArticle(ctx, &articlev1.ReturnArticleRequest{Name: article.GetName(), Etag: article.GetEtag(), Note: note})
			})
		},
	}
	c.Flags().StringVar(&note, "note", "", "what the author is to mend; needed")
	_ = c.MarkFlagRequired("note")
	return c
}
