package server

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// CreatePreviewToken implements the ArticleService.
func (s *Server) CreatePreviewToken(ctx context.Context, req *articlev1.CreatePreviewTokenRequest) (*articlev1.PreviewToken, error) {
	n, err := article.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	at := now()
	w, err := write(ctx, "CreatePreviewToken", n.String(), "", req, at)
	if err != nil {
		return nil, err
	}
	wanted := proto.CloneOf(req.GetPreviewToken())
	if err := article.CleanTexts("preview_token", wanted.ProtoReflect()); err != nil {
		return nil, err
	}
	asked := time.Time{}
	if wanted.GetExpireTime() != nil {
		asked = wanted.GetExpireTime().AsTime().Truncate(time.Microsecond)
	}
	end, err := article.PreviewEnd(asked, at)
	if err != nil {
		return nil, err
	}
	name := article.PreviewName{Name: n, Token: cmp.Or(req.GetPreviewTokenId(), article.NewID())}
	record := &recordv1.PreviewToken{
		DisplayName: wanted.GetDisplayName(), ExpireTime: timestamppb.New(end),
		Creator: w.Principal, CreateTime: timestamppb.New(at), Nonce: make([]byte, 16),
	}
	rand.Read(record.Nonce)
	// The token is stored nowhere, so there is nothing to answer again.
	replay := func(made *recordv1.Request) (*articlev1.PreviewToken, error) {
		return nil, fault.Exists(made.GetName())
	}
	return once(ctx, s, w, replay, func() (*articlev1.PreviewToken, error) {
		loaded, err := s.previewed(ctx, n)
		if err != nil {
			return nil, err
		}
		if err := s.Store.PutPreview(ctx, w, name, record); err != nil {
			return nil, err
		}
		made := article.Preview(name, record)
		made.Token = s.Sealer.Seal(previewBinding(n.Site, openMethod), claim(name, record, end))
		made.Uri = loaded.Site.GetSite().GetBaseUri() + "/preview#" + made.GetToken()
		return made, nil
	})
}

// previewed loads an article that the caller may let others look at.
func (s *Server) previewed(ctx context.Context, n article.Name) (article.Loaded, error) {
	loaded, err := s.Store.Load(ctx, n, 0)
	if err != nil {
		return loaded, err
	}
	return loaded, allow(ctx, loaded, auth.ArticlePreview)
}

// ListPreviewTokens implements the ArticleService.
func (s *Server) ListPreviewTokens(ctx context.Context, req *articlev1.ListPreviewTokensRequest) (*articlev1.ListPreviewTokensResponse, error) {
	n, err := article.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	size, err := page.Size(req.GetPageSize(), list.StandardPage, list.MaxPage)
	if err != nil {
		return nil, err
	}
	if _, err := s.previewed(ctx, n); err != nil {
		return nil, err
	}
	binding := page.Binding{
		Purpose: page.Page, Class: auth.FromContext(ctx).Class(article.SiteName(n.Site)), Site: article.SiteName(n.Site),
		Method: articlev1.ArticleService_ListPreviewTokens_FullMethodName, Query: page.Query(req),
	}
	var after []byte
	if req.GetPageToken() != "" {
		if after, err = s.Sealer.Open(binding, req.GetPageToken()); err != nil {
			return nil, err
		}
	}
	tokens, err := s.livePreviews(ctx, n, now())
	if err != nil {
		return nil, err
	}
	tokens = slices.DeleteFunc(tokens, func(t *articlev1.PreviewToken) bool {
		return after != nil && bytes.Compare(previewPosition(t), after) <= 0
	})
	resp := &articlev1.ListPreviewTokensResponse{PreviewTokens: tokens[:min(size, len(tokens))]}
	if len(tokens) > size {
		resp.NextPageToken = s.Sealer.Seal(binding, previewPosition(tokens[size-1]))
	}
	return resp, nil
}

// livePreviews returns the tokens that have not ended, newest first.
func (s *Server) livePreviews(ctx context.Context, n article.Name, at time.Time) ([]*articlev1.PreviewToken, error) {
	records, err := s.Store.Previews(ctx, n)
	if err != nil {
		return nil, err
	}
	var tokens []*articlev1.PreviewToken
	for id, r := range records {
		if r.GetExpireTime().AsTime().After(at) {
			tokens = append(tokens, article.Preview(article.PreviewName{Name: n, Token: id}, r))
		}
	}
	slices.SortFunc(tokens, func(a, b *articlev1.PreviewToken) int {
		return bytes.Compare(previewPosition(a), previewPosition(b))
	})
	return tokens, nil
}

// previewPosition orders tokens by their age, the newest first.
func previewPosition(t *articlev1.PreviewToken) []byte {
	age := ^uint64(t.GetCreateTime().AsTime().UnixMicro())
	return append(binary.BigEndian.AppendUint64(nil, age), t.GetName()...)
}

// DeletePreviewToken implements the ArticleService.
func (s *Server) DeletePreviewToken(ctx context.Context, req *articlev1.DeletePreviewTokenRequest) (*emptypb.Empty, error) {
	n, err := article.ParsePreviewName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "DeletePreviewToken", n.String(), req.GetEtag(), req, now())
	if err != nil {
		return nil, err
	}
	replay := func(*recordv1.Request) (*emptypb.Empty, error) { return &emptypb.Empty{}, nil }
	return once(ctx, s, w, replay, func() (*emptypb.Empty, error) {
		if _, err := s.previewed(ctx, n.Name); err != nil {
			return nil, err
		}
		before, err := s.Store.Preview(ctx, n)
		if err != nil {
			return nil, err
		}
		if etag := article.Preview(n, before).GetEtag(); req.GetEtag() != "" && req.GetEtag() != etag {
			return nil, fault.Conflict(n.String(), &faultv1.EditConflict{
				CurrentEtag: etag, CurrentAuthor: before.GetCreator(), CurrentTime: before.GetCreateTime(),
			})
		}
		return &emptypb.Empty{}, s.Store.DeletePreview(ctx, w, n, before)
	})
}
