package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// maxRedacted is more than the service takes.
const maxRedacted = 16 << 10

// articleRedact is the command `article redact`. The text comes from a file, for
// command lines are kept in histories.
func (a *app) articleRedact() *cobra.Command {
	var reason, file string
	c := &cobra.Command{
		Use:   "redact ID --reason TEXT < FILE",
		Short: "Take the text in a file out of all of an article for good",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readRedacted(c.InOrStdin(), file)
			if err != nil {
				return err
			}
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				return a.redact(c, suite, &articlev1.RedactArticleRevisionsRequest{
					Parent: site.GetName() + "/articles/" + args[0], Text: text, Reason: reason, RequestId: uuid.NewString(),
				})
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, without the text itself; it is kept; needed")
	c.Flags().StringVar(&file, "text-file", "-", "the file that holds the text; - is standard input")
	_ = c.MarkFlagRequired("reason")
	return c
}

func readRedacted(in io.Reader, file string) (string, error) {
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer opened.Close()
		in = opened
	}
	text, err := io.ReadAll(io.LimitReader(in, maxRedacted))
	if err != nil {
		return "", fmt.Errorf("read the text to redact: %w", err)
	}
	trimmed := strings.TrimRight(string(text), "\r\n")
	if trimmed == "" {
		return "", errors.New("there is no text: write it on one line")
	}
	return trimmed, nil
}

func (a *app) redact(c *cobra.Command, suite *connect.Suite, req *articlev1.RedactArticleRevisionsRequest) error {
	article, err := suite.Articles.GetArticle(c.Context(), &articlev1.GetArticleRequest{
		Name: req.GetParent(), View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
	})
	if err != nil {
		return err
	}
	req.Etag = article.GetEtag()
	done, err := suite.Articles.RedactArticleRevisions(c.Context(), req)
	if err != nil {
		return err
	}
	if a.json {
		return printMessage(c.OutOrStdout(), done)
	}
	if done.GetDone() && done.GetRevisionCount() == 0 {
		return fmt.Errorf("%s: the text was not found in any revision; look at how it is written there", req.GetParent())
	}
	state := "done"
	if !done.GetDone() {
		state = "begun; the service goes on by itself"
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s: found in %d revisions, %s; restart the article service so that its file forgets it too\n",
		req.GetParent(), done.GetRevisionCount(), state)
	return err
}
