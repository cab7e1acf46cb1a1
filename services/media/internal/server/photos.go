package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/rpc"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
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
	if err := s.refuseWithdrawn(ctx, photos, req.GetView()); err != nil {
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
	if err := s.refuseWithdrawn(ctx, photos, req.GetView()); err != nil {
		return nil, err
	}
	if err := s.show(photos, req.GetView()); err != nil {
		return nil, err
	}
	return &mediav1.BatchGetPhotosResponse{Photos: photos}, nil
}

// show makes photos ready for an answer with the view: it says what their
// rights are now, and hides what is not public, or signs its addresses.
func (s *Server) show(photos []*mediav1.Photo, view mediav1.PhotoView) error {
	at := now()
	for _, p := range photos {
		photo.Judge(p, at)
		switch {
		case view == mediav1.PhotoView_PHOTO_VIEW_WORKING:
			if !p.GetPublished() {
				s.Signer.SignAll(p, at)
			}
		case p.GetPublished():
			photo.Redact(p)
		default:
			return fault.NotFound(p.GetName()).With("name", p.GetName())
		}
	}
	return nil
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
	request := replay.Request{
		Principal: caller.ID, Method: mediav1.MediaService_UpdatePhoto_FullMethodName,
		Target: name.String(), ID: req.GetRequestId(), Digest: replay.Digest(req, edit.Etag),
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
	s.Queue.Wake() // if it changes what renditions depend on
	return p, s.show([]*mediav1.Photo{p}, mediav1.PhotoView_PHOTO_VIEW_WORKING)
}
