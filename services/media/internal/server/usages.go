package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/page"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Page sizes of ListPhotoUsages.
const (
	standardUsages = 50
	maxUsages      = 200
)

// ListPhotoUsages implements the contract.
func (s *Server) ListPhotoUsages(ctx context.Context, req *mediav1.ListPhotoUsagesRequest) (*mediav1.ListPhotoUsagesResponse, error) {
	name, err := photo.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	limit, err := page.Size(req.GetPageSize(), standardUsages, maxUsages)
	if err != nil {
		return nil, err
	}
	binding := page.Binding{
		Purpose: page.Page,
		Class:   auth.FromContext(ctx).Class(name.Parent()),
		Site:    name.Parent(),
		Method:  mediav1.MediaService_ListPhotoUsages_FullMethodName,
		Query:   page.Query(req),
	}
	var after []byte
	if token := req.GetPageToken(); token != "" {
		if after, err = s.Sealer.Open(binding, token); err != nil {
			return nil, err
		}
	}
	usages, next, err := s.Store.Usages(ctx, name, after, limit)
	if err != nil {
		return nil, err
	}
	response := &mediav1.ListPhotoUsagesResponse{PhotoUsages: usages}
	if next != nil {
		response.NextPageToken = s.Sealer.Seal(binding, next)
	}
	return response, nil
}
