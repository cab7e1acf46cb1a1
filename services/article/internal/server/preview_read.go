package server

import (
	"bytes"
	"context"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// What tokens and keys are sealed for; one is never taken for the other.
const (
	openMethod = articlev1.ArticleService_OpenPreview_FullMethodName
	readMethod = articlev1.ArticleService_ReadPreview_FullMethodName
)

// previewBinding binds a token or key to its site and use. It is for whoever
// has it, so to no class of callers.
func previewBinding(site, method string) page.Binding {
	return page.Binding{Purpose: page.Preview, Site: article.SiteName(site), Method: method}
}

// claim is what a token or key carries.
func claim(n article.PreviewName, r *recordv1.PreviewToken, end time.Time) []byte {
	encoded, err := proto.Marshal(&recordv1.PreviewClaim{
		ArticleId: n.ID, TokenId: n.Token, Nonce: r.GetNonce(), ExpireTime: timestamppb.New(end),
	})
	if err != nil {
		return nil // ids are ASCII, so this cannot be; nothing opens with it
	}
	return encoded
}

// OpenPreview implements the ArticleService.
func (s *Server) OpenPreview(ctx context.Context, req *articlev1.OpenPreviewRequest) (*articlev1.OpenPreviewResponse, error) {
	at := now()
	n, record, _, err := s.unsealPreview(ctx, req.GetSite(), openMethod, req.GetToken(), at)
	if err != nil {
		return nil, err
	}
	end := at.Add(article.PreviewKeyTTL)
	if last := record.GetExpireTime().AsTime(); last.Before(end) {
		end = last
	}
	return &articlev1.OpenPreviewResponse{
		Key:        s.Sealer.Seal(previewBinding(n.Site, readMethod), claim(n, record, end)),
		ExpireTime: timestamppb.New(end), Article: n.Name.String(),
	}, nil
}

// ReadPreview implements the ArticleService.
func (s *Server) ReadPreview(ctx context.Context, req *articlev1.ReadPreviewRequest) (*articlev1.ReadPreviewResponse, error) {
	n, _, end, err := s.unsealPreview(ctx, req.GetSite(), readMethod, req.GetKey(), now())
	if err != nil {
		return nil, err
	}
	loaded, err := s.Store.Load(ctx, n.Name, 0)
	if err != nil {
		return nil, err
	}
	if loaded.State.GetState() == article.Deleted {
		return nil, fault.NotFound(n.Name.String())
	}
	shown := article.ForVisitors(s.working(ctx, loaded))
	// Other language versions that readers do not see are nobody's to look at.
	shown.Translations, err = s.translations(ctx, loaded.Site.GetSite(), n.Name, shown.GetTranslationGroup(), true)
	if err != nil {
		return nil, err
	}
	return &articlev1.ReadPreviewResponse{Article: shown, ExpireTime: timestamppb.New(end)}, nil
}

// unsealPreview returns the token that a token or key stands for, and when that
// ends. All that can be wrong looks alike to whoever has guessed.
func (s *Server) unsealPreview(ctx context.Context, site, method, sealed string, at time.Time) (article.PreviewName, *recordv1.PreviewToken, time.Time, error) {
	none := article.PreviewName{}
	id, err := article.ParseSite("site", site)
	if err != nil {
		return none, nil, time.Time{}, err
	}
	position, err := s.Sealer.Open(previewBinding(id, method), sealed)
	if err != nil {
		return none, nil, time.Time{}, err
	}
	refused := fault.New(faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID,
		"this preview is not valid, or no longer; ask the author for a new one")
	c := &recordv1.PreviewClaim{}
	if err := proto.Unmarshal(position, c); err != nil || !c.GetExpireTime().AsTime().After(at) {
		return none, nil, time.Time{}, refused
	}
	n := article.PreviewName{Name: article.Name{Site: id, ID: c.GetArticleId()}, Token: c.GetTokenId()}
	record, err := s.Store.Preview(ctx, n)
	switch {
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
		return none, nil, time.Time{}, refused // revoked, or purged with its article
	case err != nil:
		return none, nil, time.Time{}, err
	case !bytes.Equal(record.GetNonce(), c.GetNonce()) || !record.GetExpireTime().AsTime().After(at):
		return none, nil, time.Time{}, refused
	}
	return n, record, c.GetExpireTime().AsTime(), nil
}
