package permissions_test

import (
	"context"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// reviewRows is the part of the table about authors and editors who agree on a
// draft.
func reviewRows() []row {
	submit := func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.SubmitArticle(ctx, &articlev1.SubmitArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
		return err
	}
	give := func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.ReturnArticle(ctx, &articlev1.ReturnArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), Note: "x"})
		return err
	}
	return []row{
		{"SubmitArticle", "", nil, "tydyyydd", submit},
		{"ReturnArticle", "", submitted, "tddyyydd", give},
		{"UpdateArticle", "one in review", submitted, "tydyyydd", updateArticle},
	}
}

func submitted(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a, err := s.as(ona).SubmitArticle(s.t.Context(), &articlev1.SubmitArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(s.t, err)
	return a
}
