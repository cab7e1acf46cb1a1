package permissions_test

import (
	"context"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// appearanceRows is the part of the table about what networks will show and what
// is printed. The view WORKING is asked of the article service with the caller's
// own token.
func appearanceRows() []row {
	return []row{
		{"CheckPreview", "of a draft", nil, "hhhhhhhh", checkPreview(0)},
		{"CheckPreview", "of a published one", published, "yyyyyyyy", checkPreview(0)},
		{"CheckPreview", "of an unpublished one", unpublished, "gggggggg", checkPreview(0)},
		{"CheckPreview", "of a working copy", nil, "tyyyyyyd", checkPreview(working)},
		{"CheckPreview", "of a published working copy", published, "tyyyyyyd", checkPreview(working)},
		{"RenderQrCode", "of nothing", nil, "hhhhhhhh", renderQRCode},
		{"RenderQrCode", "of a published one", published, "yyyyyyyy", renderQRCode},
		{"RenderPrintSheet", "of a draft", nil, "hhhhhhhh", renderPrintSheet},
		{"RenderPrintSheet", "of a published one", published, "yyyyyyyy", renderPrintSheet},
	}
}

func checkPreview(view articlev1.ArticleView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.sharing.CheckPreview(ctx, &sharingv1.CheckPreviewRequest{Article: a.GetName(), View: view})
		return err
	}
}

func renderQRCode(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	_, err := c.sharing.RenderQrCode(ctx, &sharingv1.RenderQrCodeRequest{ShareLink: s.code(ctx, a)})
	return err
}

func renderPrintSheet(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	s.code(ctx, a) // is made soon after publishing
	_, err := c.sharing.RenderPrintSheet(ctx, &sharingv1.RenderPrintSheetRequest{Article: a.GetName()})
	return err
}
