package permissions_test

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// checkRows is the part of the table about what is found in an article.
func checkRows() []row {
	const staff = "tyyyyyyd" // whoever may see working copies
	given := func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		_, err := c.CheckArticle(ctx, &articlev1.CheckArticleRequest{
			Name: library + "/articles/-", Article: &articlev1.Article{Title: secret},
		})
		return err
	}
	fix := func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.FixArticle(ctx, &articlev1.FixArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
		return err
	}
	waive := func(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
		_, err := c.WaiveFinding(ctx, &articlev1.WaiveFindingRequest{
			Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: finding(s, a), Reason: "x",
		})
		return err
	}
	restore := func(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
		_, err := c.RestoreFinding(ctx, &articlev1.RestoreFindingRequest{
			Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: finding(s, a),
		})
		return err
	}
	return []row{
		{"CheckArticle", "content that is not stored", nil, staff, given},
		{"FixArticle", "", wrong, "tydyyydd", fix},
		{"WaiveFinding", "", wrong, "tddyyydd", waive},
		{"RestoreFinding", "", waived, "tddyyydd", restore},
	}
}

// wrong puts a mistake into a draft that can be repaired and waived.
func wrong(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a, err := s.as(ona).UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: secret + " ir t.t."},
	})
	must(s.t, err)
	return a
}

func waived(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a = wrong(s, a)
	editor := s.as(person(auth.Editor, library))
	_, err := editor.WaiveFinding(s.t.Context(), &articlev1.WaiveFindingRequest{
		Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: finding(s, a), Reason: "x",
	})
	must(s.t, err)
	a, err = editor.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
	must(s.t, err)
	return a
}

// finding returns the fingerprint of the first finding of an article, or one of
// none.
func finding(s *suite, a *articlev1.Article) string {
	s.t.Helper()
	resp, err := s.as(person(auth.Editor, library)).CheckArticle(s.t.Context(), &articlev1.CheckArticleRequest{Name: a.GetName()})
	must(s.t, err)
	if len(resp.GetFindings()) == 0 {
		return "nothing-0000000000000000"
	}
	return resp.GetFindings()[0].GetFingerprint()
}
