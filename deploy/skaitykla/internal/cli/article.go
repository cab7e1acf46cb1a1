package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/importer"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// articles is the command `article`.
func (a *app) articles() *cobra.Command {
	c := &cobra.Command{Use: "article", Short: "List, show, check, preview, review, publish and withdraw articles"}
	c.AddCommand(a.articleList(), a.articleGet(), a.articlePreview(), a.articleSubmit(), a.articleReturn(), a.articlePublish(), a.articleUnpublish(),
		a.articleSchedule(), a.articleRedact())
	c.AddCommand(a.articleCheck(), a.articleFix(), a.articleWaive(), a.articleRestore())
	return a.onSite(a.reaching(c))
}

// withSite runs do with a connection and the site the flags name.
func (a *app) withSite(ctx context.Context, do func(*connect.Suite, *articlev1.Site) error) error {
	suite, err := connect.Open(a.where)
	if err != nil {
		return err
	}
	defer suite.Close()
	site, err := suite.Site(ctx, a.site)
	if err != nil {
		return err
	}
	return do(suite, site)
}

func (a *app) articleList() *cobra.Command {
	var deleted bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the articles of a site, the last one made first",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				return printList(a, c.OutOrStdout(), paged(func(token string) ([]*articlev1.Article, string, error) {
					page, err := suite.Articles.ListArticles(c.Context(), &articlev1.ListArticlesRequest{
						Parent: site.GetName(), View: articlev1.ArticleView_ARTICLE_VIEW_WORKING, ShowDeleted: deleted, PageSize: 200, PageToken: token,
					})
					return page.GetArticles(), page.GetNextPageToken(), err
				}), articleRow)
			})
		},
	}
	c.Flags().BoolVar(&deleted, "deleted", false, "list deleted articles too")
	return c
}

// articleRow is what people read of an article in a list.
func articleRow(article *articlev1.Article) []string {
	return []string{
		id(article.GetName()), stateWord(article.GetState()), day(article.GetPublishTime()), article.GetLanguageCode(), article.GetTitle(),
	}
}

func (a *app) articleGet() *cobra.Command {
	var published bool
	c := &cobra.Command{
		Use:   "get ID",
		Short: "Print an article as JSON",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				view := articlev1.ArticleView_ARTICLE_VIEW_WORKING
				if published {
					view = articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED
				}
				article, err := suite.Articles.GetArticle(c.Context(), &articlev1.GetArticleRequest{Name: site.GetName() + "/articles/" + args[0], View: view})
				if err != nil {
					return err
				}
				return printMessage(c.OutOrStdout(), article)
			})
		},
	}
	c.Flags().BoolVar(&published, "published", false, "what readers see instead of the working copy")
	return c
}

func (a *app) articlePublish() *cobra.Command {
	return &cobra.Command{
		Use:   "publish ID",
		Short: "Show the newest revision of an article to readers",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.transition(c, args[0], func(ctx context.Context, suite *connect.Suite, article *articlev1.Article) (*articlev1.Article, error) {
				published, err := suite.Articles.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: article.GetName(), Etag: article.GetEtag()})
				if failure := checkFailure(err); failure != nil {
					reportFindings(c.ErrOrStderr(), failure.GetFindings(), importer.Places(article))
				}
				return published, err
			})
		},
	}
}

func (a *app) articleUnpublish() *cobra.Command {
	return &cobra.Command{
		Use:   "unpublish ID",
		Short: "Take an article away from readers; its address answers 410 Gone",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.transition(c, args[0], func(ctx context.Context, suite *connect.Suite, article *articlev1.Article) (*articlev1.Article, error) {
				return suite.Articles.UnpublishArticle(ctx, &articlev1.UnpublishArticleRequest{Name: article.GetName(), Etag: article.GetEtag()})
			})
		},
	}
}

type change func(context.Context, *connect.Suite, *articlev1.Article) (*articlev1.Article, error)

// transition reads an article, changes its state and tells the outcome.
func (a *app) transition(c *cobra.Command, articleID string, do change) error {
	return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
		article, err := suite.Articles.GetArticle(c.Context(), &articlev1.GetArticleRequest{
			Name: site.GetName() + "/articles/" + articleID, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
		})
		if err != nil {
			return err
		}
		changed, err := do(c.Context(), suite, article)
		if err != nil {
			return err
		}
		if a.json {
			return printMessage(c.OutOrStdout(), changed)
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s is %s at %s\n", changed.GetName(), stateWord(changed.GetState()), changed.GetPath())
		return err
	})
}
