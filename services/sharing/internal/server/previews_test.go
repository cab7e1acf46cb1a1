package server_test

import (
	"context"
	"testing"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// oneArticle is a reader that always has the same article at hand.
type oneArticle struct{ article *published.Article }

func (o oneArticle) Site(context.Context, string) (published.Site, error) { return o.article.Site, nil }

func (o oneArticle) Article(context.Context, string) (published.Article, error) {
	return *o.article, nil
}

func (o oneArticle) Newest(context.Context, published.Site, string, int) ([]published.Article, error) {
	return nil, nil
}

// TestPreviewsAreKept renders a preview once, and anew when its article, site or
// card is another.
func TestPreviewsAreKept(t *testing.T) {
	tools, err := server.OpenTools()
	must(t, err)
	article := &published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
	card := &oneCard{}
	s := server.New(server.Config{Reader: oneArticle{article}, Cards: card, Tools: tools})
	render := func(width int32) *sharingv1.RenderPreviewResponse {
		t.Helper()
		p, err := s.RenderPreview(t.Context(), &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName, MaxWidth: width})
		must(t, err)
		return p
	}
	first := render(0)
	if render(0) != first {
		t.Error("the same preview was rendered twice")
	}
	if render(100).GetOembedJson() == first.GetOembedJson() || render(0) != first {
		t.Error("a preview for little room is kept, or was not made")
	}
	article.Resource = sharingtest.Article()
	article.Resource.Title = "Kita antraštė"
	second := render(0)
	if second.GetTitle() != "Kita antraštė" {
		t.Errorf("title %q is that of the article before", second.GetTitle())
	}
	card.card.URI = "https://naujienos.biblioteka.lt/card.jpg"
	if got := render(0).GetImage().GetUri(); got != card.card.URI {
		t.Errorf("image %q, want the new card", got)
	}
	site := sharingtest.Site()
	site.Title, site.Etag = "Kitas pavadinimas", "s2"
	article.Site.Resource = site
	if got := render(0).GetSiteTitle(); got != site.GetTitle() {
		t.Errorf("site %q, want the new name", got)
	}
}

func BenchmarkRenderPreview(b *testing.B) {
	tools, err := server.OpenTools()
	if err != nil {
		b.Fatal(err)
	}
	article := &published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
	s := server.New(server.Config{Reader: oneArticle{article}, Cards: noCards{}, Tools: tools})
	req := &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName}
	for b.Loop() {
		if _, err := s.RenderPreview(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
}
