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
	head string
}

func (s *sharingService) ComposeShareSheet(context.Context, *sharingv1.ComposeShareSheetRequest) (*sharingv1.ComposeShareSheetResponse, error) {
	return &sharingv1.ComposeShareSheetResponse{
		Heading: "Dalintis", LanguageCode: "lt",
		Links: []*sharingv1.TargetLink{
			{
				Target: "facebook", Title: "Facebook", Label: "Facebook: dalintis (atveria facebook.com)",
				Uri:        "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fbiblioteka.example%2Fstazuote",
				Disclosure: "Atveriama svetainė facebook.com. Įmonė „Meta“ sužinos, kuriuo straipsniu dalijatės.",
			},
			{
				Target: "x", Title: "X", Label: "X: dalintis (atveria x.com)",
				Uri:        "https://x.com/intent/tweet?text=Sta%C5%BEuot%C4%97&url=https%3A%2F%2Fbiblioteka.example%2Fstazuote",
				Disclosure: "Atveriama svetainė x.com. Įmonė „X“ sužinos, kuriuo straipsniu dalijatės.",
			},
			{
				Target: "email", Title: "El. paštas", Label: "El. paštas: siųsti (atveria pašto programą)",
				Uri:        "mailto:?subject=Sta%C5%BEuot%C4%97&body=https%3A%2F%2Fbiblioteka.example%2Fstazuote",
				Disclosure: "Atveriama jūsų pašto programa su parengtu laišku. Kol jo neišsiuntėte, niekas nieko nesužino.",
			},
			{Target: "evil", Title: "Evil", Label: "Evil", Uri: "javascript:alert(1)"},
		},
	}, nil
}

func (s *sharingService) RenderPreview(_ context.Context, req *sharingv1.RenderPreviewRequest) (*sharingv1.RenderPreviewResponse, error) {
	head := s.head
	if head == "" {
		head = `<link rel="canonical" href="https://biblioteka.example/stazuote">
<meta property="og:title" content="Stažuotė &amp; knygos">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Stažuotė"}</script>`
	}
	return &sharingv1.RenderPreviewResponse{HeadHtml: head}, nil
}

func (s *sharingService) RenderFeed(_ context.Context, req *sharingv1.RenderFeedRequest) (*sharingv1.RenderFeedResponse, error) {
	if !strings.HasPrefix(req.GetSite(), "sites/") {
		return nil, fault.NotFound(req.GetSite())
	}
	return &sharingv1.RenderFeedResponse{
		MimeType: "application/rss+xml; charset=utf-8", Document: []byte("<rss lang=\"" + req.GetLanguageCode() + "\"/>"), Etag: "f1",
	}, nil
}
