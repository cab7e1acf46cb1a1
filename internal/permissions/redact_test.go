package permissions_test

import (
	"context"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func redactRows() []row {
	redact := func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.RedactArticleRevisions(ctx, &articlev1.RedactArticleRevisionsRequest{
			Parent: a.GetName(), Etag: a.GetEtag(), Text: "Vardenis", Reason: "Prašymas",
		})
		return err
	}
	return []row{{"RedactArticleRevisions", "", nil, "tdddyydd", redact}}
}
