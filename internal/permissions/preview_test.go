package permissions_test

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func previewRows() []row {
	return []row{
		{"CreatePreviewToken", "of a draft", nil, "tydyyydd", createPreviewToken},
		{"CreatePreviewToken", "of a published one", published, "tddyyydd", createPreviewToken},
		{"ListPreviewTokens", "of a draft", nil, "tydyyydd", listPreviewTokens},
		{"ListPreviewTokens", "of a published one", published, "tddyyydd", listPreviewTokens},
		{"DeletePreviewToken", "of a draft", nil, "tydyyydd", deletePreviewToken},
		{"DeletePreviewToken", "of a published one", published, "tddyyydd", deletePreviewToken},
		// Who has the token needs nothing else.
		{"OpenPreview", "", nil, "yyyyyyyy", openPreview},
		{"ReadPreview", "", nil, "yyyyyyyy", readPreview},
	}
}

func createPreviewToken(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.CreatePreviewToken(ctx, &articlev1.CreatePreviewTokenRequest{Parent: a.GetName(), PreviewToken: &articlev1.PreviewToken{}})
	return err
}

func listPreviewTokens(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.ListPreviewTokens(ctx, &articlev1.ListPreviewTokensRequest{Parent: a.GetName()})
	return err
}

// previewToken is one that an editor made.
func (s *suite) previewToken(a *articlev1.Article) *articlev1.PreviewToken {
	s.t.Helper()
	token, err := s.as(person(auth.Editor, library)).CreatePreviewToken(s.t.Context(),
		&articlev1.CreatePreviewTokenRequest{Parent: a.GetName(), PreviewToken: &articlev1.PreviewToken{}})
	must(s.t, err)
	return token
}

func deletePreviewToken(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	_, err := c.DeletePreviewToken(ctx, &articlev1.DeletePreviewTokenRequest{Name: s.previewToken(a).GetName()})
	return err
}

func openPreview(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	_, err := c.OpenPreview(ctx, &articlev1.OpenPreviewRequest{Site: library, Token: s.previewToken(a).GetToken()})
	return err
}

func readPreview(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	opened, err := s.as(person(auth.Editor, library)).OpenPreview(ctx, &articlev1.OpenPreviewRequest{Site: library, Token: s.previewToken(a).GetToken()})
	must(s.t, err)
	_, err = c.ReadPreview(ctx, &articlev1.ReadPreviewRequest{Site: library, Key: opened.GetKey()})
	return err
}
