package server_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// startPreviews is a sharing server for an article with a code, or without one.
// Its article service shows the working copy to whoever it is asked by.
func startPreviews(t *testing.T, code string, change func(*articlev1.Article)) func(auth.Role) sharingv1.SharingServiceClient {
	t.Helper()
	article := sharingtest.Article()
	if change != nil {
		change(article)
	}
	upstream := testkit.Start(t, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, sharingtest.NewArticleService(sharingtest.Site(), article))
	})
	client := articlev1.NewArticleServiceClient(upstream.As(auth.Anonymous))
	tools, err := server.OpenTools()
	must(t, err)
	sharing := testkit.Start(t, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{
			Reader: articles.Reader{Client: client, Timeout: timeout}, Cards: noCards{}, ShortLinks: oneCode(code),
			Working: articles.WorkingReader{Client: client, Timeout: timeout}, Tools: tools,
		}))
	})
	return func(role auth.Role) sharingv1.SharingServiceClient {
		return sharingv1.NewSharingServiceClient(sharing.As(role))
	}
}

func rulesOf(answer *sharingv1.CheckPreviewResponse) []string {
	var ids []string
	for _, f := range answer.GetFindings() {
		ids = append(ids, f.GetRule())
	}
	return ids
}

func TestCheckPreview(t *testing.T) {
	client := startPreviews(t, "", func(a *articlev1.Article) {
		a.Title = strings.Repeat("Ilga antraštė ", 20)
		a.Cover = sharingtest.Placement("sites/biblioteka/photos/a", "")
	})
	got, err := client(auth.Anonymous).CheckPreview(t.Context(), &sharingv1.CheckPreviewRequest{Article: sharingtest.ArticleName})
	must(t, err)
	if len(got.GetAppearances()) != 7 {
		t.Errorf("%d appearances, want those of seven networks", len(got.GetAppearances()))
	}
	if want := []string{"title-cut", "alt-missing", "image-cut", "description-cut"}; !slices.Equal(rulesOf(got), want) {
		t.Errorf("findings %q, want %q", rulesOf(got), want)
	}
	deep, err := client(auth.Anonymous).CheckPreview(t.Context(), &sharingv1.CheckPreviewRequest{
		Article: sharingtest.ArticleName, HeadOffset: 300_000,
	})
	must(t, err)
	if !slices.Contains(rulesOf(deep), "head-deep") {
		t.Errorf("findings %q lack that the head is too deep", rulesOf(deep))
	}
}

// Working implements server.WorkingReader.
func (o oneArticle) Working(context.Context, string) (published.Article, error) {
	return *o.article, nil
}

// TestCheckWorkingCopy shows the card of a working copy that readers see as it
// is, and the cover of one that was changed since.
func TestCheckWorkingCopy(t *testing.T) {
	tools, err := server.OpenTools()
	must(t, err)
	article := &published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
	article.Resource.State, article.Resource.PublishedRevision = articlev1.Article_STATE_PUBLISHED, 3
	card := oneCard{published.Image{URI: "https://naujienos.biblioteka.lt/card.jpg", MIMEType: "image/jpeg", Width: 1200, Height: 630, Alt: "Kortelė"}}
	s := server.New(server.Config{Reader: oneArticle{article}, Working: oneArticle{article}, Cards: card, Tools: tools})
	for _, test := range []struct {
		revision int64
		state    articlev1.Article_State
		card     bool
	}{
		{3, articlev1.Article_STATE_PUBLISHED, true},
		{4, articlev1.Article_STATE_PUBLISHED, false},
		{3, articlev1.Article_STATE_UNPUBLISHED, false},
	} {
		article.Resource.Revision, article.Resource.State = test.revision, test.state
		got, err := s.CheckPreview(t.Context(), &sharingv1.CheckPreviewRequest{
			Article: sharingtest.ArticleName, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
		})
		must(t, err)
		if image := got.GetAppearances()[0].GetImage(); (image.GetUri() == card.card.URI) != test.card {
			t.Errorf("revision %d of an article in %s shows %s", test.revision, test.state, image.GetUri())
		}
	}
}

// TestCheckDraft looks at a working copy with the token of the caller.
func TestCheckDraft(t *testing.T) {
	client := startPreviews(t, "", func(a *articlev1.Article) {
		a.State, a.PublishTime = articlev1.Article_STATE_DRAFT, nil
	})
	req := &sharingv1.CheckPreviewRequest{Article: sharingtest.ArticleName, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING}
	_, err := client(auth.Anonymous).CheckPreview(t.Context(), req)
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
	_, err = client(auth.Author).CheckPreview(t.Context(), req)
	// The article service of this test knows no tokens: that it refuses this one
	// shows that it was sent on, and that its refusal is told as it is.
	if err == nil {
		t.Fatal("the caller's token was not sent on")
	}
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_INVALID)
}
