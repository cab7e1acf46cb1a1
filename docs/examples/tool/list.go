package main

import (
	"context"
	"fmt"
	"io"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// list prints the working copies of a site that wait for an editor or are not
// published, page by page.
func (s *suite) list(ctx context.Context, site string, out io.Writer) error {
	request := &articlev1.ListArticlesRequest{
		Parent: "sites/" + site,
		View:   articlev1.ArticleView_ARTICLE_VIEW_WORKING,
		Filter: "state = DRAFT OR state = IN_REVIEW", OrderBy: "update_time desc", PageSize: 100,
	}
	for {
		page, err := s.articles.ListArticles(ctx, request)
		if err != nil {
			return err
		}
		for _, a := range page.GetArticles() {
			fmt.Fprintf(out, "%s\t%s\t%s\n", a.GetName(), a.GetEtag(), a.GetTitle())
		}
		// Send the same request with the token, until there is none.
		if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
			return nil
		}
	}
}
