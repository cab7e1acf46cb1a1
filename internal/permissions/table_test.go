package permissions_test

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// rows is the table. Cells: anonymous, who made it, another author, editor,
// admin, operator, service, editor of another site.
func rows() []row {
	const staff = "tyyyyyyd" // whoever may see working copies
	return append([]row{
		{"CreateSite", "", nil, "tddddydd", createSite},
		{"GetSite", "", nil, "yyyyyyyy", getSite},
		{"ListSites", "", nil, "yyyyyyyy", listSites},
		{"UpdateSite", "", nil, "tdddyydd", updateSite},
		{"DeleteSite", "", nil, "tddddydd", deleteSite},
		{"CreateArticle", "", nil, "tyyyyydd", createArticle},
		{"GetArticle", "a draft", nil, "hhhhhhhh", getArticle(0)},
		{"GetArticle", "a published one", published, "yyyyyyyy", getArticle(0)},
		{"GetArticle", "an unpublished one", unpublished, "hhhhhhhh", getArticle(0)},
		{"GetArticle", "a working copy", nil, staff, getArticle(working)},
		{"ListArticles", "", nil, "yyyyyyyy", listArticles(0, false)},
		{"ListArticles", "working copies", nil, staff, listArticles(working, false)},
		{"ListArticles", "deleted ones", nil, staff, listArticles(0, true)},
		{"UpdateArticle", "a draft", nil, "tydyyydd", updateArticle},
		{"UpdateArticle", "a published one", published, "tddyyydd", updateArticle},
		{"UpdateArticle", "an unpublished one", unpublished, "tddyyydd", updateArticle},
		{"DeleteArticle", "", nil, "tddyyydd", deleteArticle},
		{"UndeleteArticle", "", deleted, "tddyyydd", undeleteArticle},
		{"PublishArticle", "", nil, "tddyyydd", publishArticle(nil)},
		{"PublishArticle", "in the past", nil, "tdddyydd", publishArticle(&timestamppb.Timestamp{Seconds: 1e9})},
		{"UnpublishArticle", "", published, "tddyyydd", unpublishArticle},
		{"CheckArticle", "", nil, staff, checkArticle},
		{"ResolvePath", "a draft", nil, "hhhhhhhh", resolvePath},
		{"ResolvePath", "a published one", published, "yyyyyyyy", resolvePath},
		{"WatchArticles", "", nil, "yyyyyyyy", watchArticles(library, 0)},
		{"WatchArticles", "working copies", nil, staff, watchArticles(library, working)},
		{"WatchArticles", "of all sites", nil, "tddddyyd", watchArticles("sites/-", working)},
		{"ComposeShareSheet", "a draft", nil, "hhhhhhhh", composeShareSheet},
		{"ComposeShareSheet", "a published one", published, "yyyyyyyy", composeShareSheet},
		{"RenderPreview", "a draft", nil, "hhhhhhhh", renderPreview},
		{"RenderPreview", "a published one", published, "yyyyyyyy", renderPreview},
	}, slices.Concat(
		photoRows(), usageRows(), checkRows(), reviewRows(), previewRows(), listRows(), linkRows(), searchRows(), redactRows(),
		scheduleRows(), historyRows(), archiveRows(), uploadRows(), cardRows(), operationRows(),
		shareLinkRows(),
		statsRows(),
		appearanceRows(),
		webhookRows(),
		feedRows(),
	)...)
}

func createSite(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: "s-" + uuid.NewString(), Site: newSite()})
	return err
}

func getSite(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.GetSite(ctx, &articlev1.GetSiteRequest{Name: library})
	return err
}

func listSites(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.ListSites(ctx, &articlev1.ListSitesRequest{})
	return err
}

func updateSite(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	site, err := s.as(auth.Principal{}).GetSite(ctx, &articlev1.GetSiteRequest{Name: library})
	must(s.t, err)
	site.Description = uuid.NewString()
	_, err = c.UpdateSite(ctx, &articlev1.UpdateSiteRequest{Site: site})
	return err
}

func deleteSite(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	site, err := s.as(person(auth.Operator, auth.EverySite)).CreateSite(ctx,
		&articlev1.CreateSiteRequest{SiteId: "s-" + uuid.NewString(), Site: newSite()})
	must(s.t, err)
	_, err = c.DeleteSite(ctx, &articlev1.DeleteSiteRequest{Name: site.GetName(), Etag: site.GetEtag()})
	return err
}

func createArticle(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.CreateArticle(ctx, &articlev1.CreateArticleRequest{Parent: library, Article: &articlev1.Article{Title: secret}})
	return err
}

func getArticle(view articlev1.ArticleView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.GetArticle(ctx, &articlev1.GetArticleRequest{Name: a.GetName(), View: view})
		return err
	}
}

func listArticles(view articlev1.ArticleView, showDeleted bool) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		_, err := c.ListArticles(ctx, &articlev1.ListArticlesRequest{Parent: library, View: view, ShowDeleted: showDeleted})
		return err
	}
}

func updateArticle(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: secret + " kita"},
	})
	return err
}

func deleteArticle(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.DeleteArticle(ctx, &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	return err
}

func undeleteArticle(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.UndeleteArticle(ctx, &articlev1.UndeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	return err
}

func publishArticle(past *timestamppb.Timestamp) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
		_, err := c.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), PublishTime: past})
		return err
	}
}

func unpublishArticle(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.UnpublishArticle(ctx, &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	return err
}

func checkArticle(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.CheckArticle(ctx, &articlev1.CheckArticleRequest{Name: a.GetName()})
	return err
}

func resolvePath(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.ResolvePath(ctx, &articlev1.ResolvePathRequest{Site: library, Path: "/" + a.GetSlug()})
	return err
}

func watchArticles(parent string, view articlev1.ArticleView) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := c.WatchArticles(ctx, &articlev1.WatchArticlesRequest{Parent: parent, View: view})
		if err != nil {
			return err
		}
		_, err = stream.Recv()
		return err
	}
}

func composeShareSheet(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.sharing.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: a.GetName()})
	return err
}

func renderPreview(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.sharing.RenderPreview(ctx, &sharingv1.RenderPreviewRequest{Article: a.GetName()})
	return err
}

// photoRows is the part of the table about the photo, which no article uses.
func photoRows() []row {
	const (
		staff   = "tyyyyyyd"
		working = mediav1.PhotoView_PHOTO_VIEW_WORKING
	)
	get := func(view mediav1.PhotoView) func(context.Context, *suite, caller, *articlev1.Article) error {
		return func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.GetPhoto(ctx, &mediav1.GetPhotoRequest{Name: s.photo, View: view})
			return err
		}
	}
	batch := func(view mediav1.PhotoView) func(context.Context, *suite, caller, *articlev1.Article) error {
		return func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.BatchGetPhotos(ctx, &mediav1.BatchGetPhotosRequest{Parent: library, Names: []string{s.photo}, View: view})
			return err
		}
	}
	list := func(view mediav1.PhotoView) func(context.Context, *suite, caller, *articlev1.Article) error {
		return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.ListPhotos(ctx, &mediav1.ListPhotosRequest{Parent: library, View: view})
			return err
		}
	}
	return []row{
		{"UploadPhoto", "", nil, "tyyyyydd", func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.upload(ctx, "p-"+uuid.NewString())
			return err
		}},
		{"GetPhoto", "of no article", nil, "hhhhhhhh", get(0)},
		{"GetPhoto", "its record", nil, staff, get(working)},
		{"BatchGetPhotos", "of no article", nil, "hhhhhhhh", batch(0)},
		{"BatchGetPhotos", "its record", nil, staff, batch(working)},
		{"ListPhotos", "", nil, "yyyyyyyy", list(0)},
		{"ListPhotos", "all", nil, staff, list(working)},
		{"UpdatePhoto", "", nil, "tydyyydd", updatePhoto},
		{"ReadRendition", "of no article", nil, "hyyyyyyh", readRendition},
		{"WatchPhotos", "", nil, staff, watchPhotos(library)},
		{"WatchPhotos", "of all sites", nil, "tddddyyd", watchPhotos("sites/-")},
	}
}

func updatePhoto(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	now, err := s.as(person(auth.Editor, library)).media.GetPhoto(ctx,
		&mediav1.GetPhotoRequest{Name: s.photo, View: mediav1.PhotoView_PHOTO_VIEW_WORKING})
	must(s.t, err)
	_, err = c.media.UpdatePhoto(ctx, &mediav1.UpdatePhotoRequest{
		Photo: &mediav1.Photo{Name: s.photo, Etag: now.GetEtag(), Credit: uuid.NewString()},
	})
	return err
}

func readRendition(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	stream, err := c.media.ReadRendition(ctx, &mediav1.ReadRenditionRequest{
		Photo: s.photo, Format: mediav1.Rendition_FORMAT_JPEG, Width: 320,
	})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

func watchPhotos(parent string) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := c.media.WatchPhotos(ctx, &mediav1.WatchPhotosRequest{Parent: parent})
		if err != nil {
			return err
		}
		_, err = stream.Recv()
		return err
	}
}
