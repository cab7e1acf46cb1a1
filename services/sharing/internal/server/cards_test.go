package server_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// noCards is a media service that has drawn nothing.
type noCards struct{}

func (noCards) Card(context.Context, published.Article) (published.Image, bool) {
	return published.Image{}, false
}

// oneCard has the same card for every article.
type oneCard struct{ card published.Image }

func (c oneCard) Card(context.Context, published.Article) (published.Image, bool) {
	return c.card, true
}

// TestPreviewWithCard shows the card instead of the cover.
func TestPreviewWithCard(t *testing.T) {
	upstream := testkit.Start(t, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, sharingtest.NewArticleService(sharingtest.Site(), sharingtest.Article()))
	})
	reader := articles.Reader{Client: articlev1.NewArticleServiceClient(upstream.As(auth.Anonymous)), Timeout: timeout}
	card := published.Image{
		URI: "https://naujienos.biblioteka.lt/media/biblioteka/-/stazuote/g1.jpg", MIMEType: "image/jpeg",
		Width: 1200, Height: 630, Size: 90_000, Alt: "Stažuotė",
	}
	sharing := testkit.Start(t, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{Reader: reader, Cards: oneCard{card}}))
	})
	preview, err := sharingv1.NewSharingServiceClient(sharing.As(auth.Anonymous)).RenderPreview(t.Context(),
		&sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName})
	if err != nil {
		t.Fatal(err)
	}
	want := &sharingv1.PreviewImage{Uri: card.URI, MimeType: "image/jpeg", Width: 1200, Height: 630, Alt: "Stažuotė", Size: 90_000}
	if diff := cmp.Diff(want, preview.GetImage(), protocmp.Transform()); diff != "" {
		t.Errorf("image (-want +got):\n%s", diff)
	}
}
