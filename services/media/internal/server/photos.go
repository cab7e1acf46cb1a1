package server

import (
	"context"
	"regexp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// Page sizes of ListPhotos.
const (
	standardPage = 50
	maxPage      = 200
)

// GetPhoto implements the contract.
func (s *Server) GetPhoto(ctx context.Context, req *mediav1.GetPhotoRequest) (*mediav1.Photo, error) {
	name, err := photo.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	photos, err := s.Store.GetAll(ctx, []photo.Name{name})
	if err != nil {
		return nil, err
	}
	if err := s.show(photos, req.GetView()); err != nil {
		return nil, err
	}
	return photos[0], nil
}

// BatchGetPhotos implements the contract.
func (s *Server) BatchGetPhotos(ctx context.Context, req *mediav1.BatchGetPhotosRequest) (*mediav1.BatchGetPhotosResponse, error) {
	names := make([]photo.Name, len(req.GetNames()))
	for i, text := range req.GetNames() {
		name, err := photo.ParseName("names", text)
		if err != nil {
			return nil, err
		}
		if name.Parent() != req.GetParent() {
			return nil, fault.InvalidField("names", "%s is not of %s; ask for the photos of one site", name, req.GetParent())
		}
		names[i] = name
	}
	photos, err := s.Store.GetAll(ctx, names)
	if err != nil {
		return nil, err
	}
	if err := s.show(photos, req.GetView()); err != nil {
		return nil, err
	}
	return &mediav1.BatchGetPhotosResponse{Photos: photos}, nil
}

// show makes photos ready for an answer with the view: it hides what is not
// public, or signs its addresses.
func (s *Server) show(photos []*mediav1.Photo, view mediav1.PhotoView) error {
	at := now()
	for _, p := range photos {
		switch {
		case p.GetPublished():
		case view == mediav1.PhotoView_PHOTO_VIEW_WORKING:
			s.Signer.SignAll(p, at)
		default:
			return fault.NotFound(p.GetName()).With("name", p.GetName())
		}
	}
	return nil
}

// ListPhotos implements the contract.
func (s *Server) ListPhotos(ctx context.Context, req *mediav1.ListPhotosRequest) (*mediav1.ListPhotosResponse, error) {
	site, err := photo.ParseParent(req.GetParent())
	if err != nil {
		return nil, err
	}
	query := store.Query{Site: site, Published: req.GetView() != mediav1.PhotoView_PHOTO_VIEW_WORKING}
	if query.Limit, err = page.Size(req.GetPageSize(), standardPage, maxPage); err != nil {
		return nil, err
	}
	if query.SHA256, err = parseFilter(req.GetFilter()); err != nil {
		return nil, err
	}
	binding := page.Binding{
		Purpose: page.Page,
		Class:   auth.FromContext(ctx).Class(req.GetParent()),
		Site:    req.GetParent(),
		Method:  mediav1.MediaService_ListPhotos_FullMethodName,
		Query:   page.Query(req),
	}
	if token := req.GetPageToken(); token != "" {
		if query.After, err = s.Sealer.Open(binding, token); err != nil {
			return nil, err
		}
	}
	photos, next, err := s.Store.List(ctx, query)
	if err != nil {
		return nil, err
	}
	if err := s.show(photos, req.GetView()); err != nil {
		return nil, err
	}
	response := &mediav1.ListPhotosResponse{Photos: photos}
	if next != nil {
		response.NextPageToken = s.Sealer.Seal(binding, next)
	}
	return response, nil
}

// parseFilter returns the hash of a filter of the form sha256 = "…", "" for an
// empty filter.
func parseFilter(filter string) (sha256 string, err error) {
	if filter == "" {
		return "", nil
	}
	form := regexp.MustCompile(`^\s*sha256\s*=\s*(?:"([0-9a-f]{64})"|([0-9a-f]{64}))\s*$`)
	found := form.FindStringSubmatch(filter)
	if found == nil {
		return "", fault.Invalid("filter", faultv1.Reason_REASON_INVALID_FILTER,
			`only sha256 = "…" with 64 lower-case hexadecimal digits can be asked for`)
	}
	return found[1] + found[2], nil
}

// UpdatePhoto implements the contract.
func (s *Server) UpdatePhoto(ctx context.Context, req *mediav1.UpdatePhotoRequest) (*mediav1.Photo, error) {
	name, err := photo.ParseName("photo.name", req.GetPhoto().GetName())
	if err != nil {
		return nil, err
	}
	edit := photo.Edit{}
	if edit.Fields, err = photo.Mask(req.GetUpdateMask(), req.GetPhoto()); err != nil {
		return nil, err
	}
	if edit.Content, err = photo.Clean(req.GetPhoto(), "photo"); err != nil {
		return nil, err
	}
	if edit.Etag, err = rpc.Etag(ctx, req.GetPhoto().GetEtag()); err != nil {
		return nil, err
	}
	caller := auth.FromContext(ctx)
	request := store.Request{
		Principal: caller.ID, Method: mediav1.MediaService_UpdatePhoto_FullMethodName,
		Target: name.String(), ID: req.GetRequestId(), Digest: digest(req, edit.Etag),
	}
	p, err := s.Store.Update(ctx, name, edit, caller.ID, request, now(), func(p *mediav1.Photo) error {
		if caller.Grant(auth.PhotoUpdate, name.Parent()) != auth.All && p.GetCreator() != caller.ID {
			return fault.Denied(string(auth.PhotoUpdate))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return p, s.show([]*mediav1.Photo{p}, mediav1.PhotoView_PHOTO_VIEW_WORKING)
}
