package gateway_test

import (
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// sharingService answers for every article alike.
type sharingService struct {
	sharingv1.UnimplementedSharingServiceServer
	head    string
	hostile bool // share sheets have what no page may show
	links   *linkTable

	oEmbed     string // address of the answer
	alternates []*sharingv1.AlternatePreview
}

func (s *sharingService) RenderPreview(_ context.Context, req *sharingv1.RenderPreviewRequest) (*sharingv1.RenderPreviewResponse, error) {
	head := s.head
	if head == "" {
		head = `<link rel="canonical" href="https://biblioteka.example/stazuote">
<meta property="og:title" content="Stažuotė &amp; knygos">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Stažuotė"}</script>`
	}
	return &sharingv1.RenderPreviewResponse{
		HeadHtml: head, OembedUri: s.oEmbed, OembedJson: oEmbedOf(req), Alternates: s.alternates,
	}, nil
}

func (s *sharingService) RenderFeed(_ context.Context, req *sharingv1.RenderFeedRequest) (*sharingv1.RenderFeedResponse, error) {
	if !strings.HasPrefix(req.GetSite(), "sites/") {
		return nil, fault.NotFound(req.GetSite())
	}
	return &sharingv1.RenderFeedResponse{
		MimeType: "application/rss+xml; charset=utf-8", Document: []byte("<rss lang=\"" + req.GetLanguageCode() + "\"/>"), Etag: "f1",
	}, nil
}
