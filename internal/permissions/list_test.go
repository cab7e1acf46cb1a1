package permissions_test

import (
	"context"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func listRows() []row {
	return []row{
		{"BatchGetArticles", "a draft", nil, "hhhhhhhh", batchGetArticles(0)},
		{"BatchGetArticles", "a published one", published, "yyyyyyyy", batchGetArticles(0)},
		{"BatchGetArticles", "a working copy", nil, "tyyyyyyd", batchGetArticles(working)},
		{"ListTags", "", nil, "yyyyyyyy", listTags},
	}
}

func batchGetArticles(view articlev1.ArticleView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.BatchGetArticles(ctx, &articlev1.BatchGetArticlesRequest{Names: []string{a.GetName()}, View: view})
		return err
	}
}

func listTags(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.ListTags(ctx, &articlev1.ListTagsRequest{Parent: library})
	return err
}
