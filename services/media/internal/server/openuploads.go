package server

import (
	"context"
	"log/slog"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/replay"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// CreateUpload implements the contract.
func (s *Server) CreateUpload(ctx context.Context, req *mediav1.CreateUploadRequest) (*mediav1.Upload, error) {
	site, err := photo.ParseParent(req.GetParent())
	if err != nil {
		return nil, err
	}
	asked := req.GetUpload()
	if asked.GetSizeBytes() > s.MaxBytes {
		return nil, s.tooLarge()
	}
	description, err := photo.Clean(asked.GetPhoto(), "upload.photo")
	if err != nil {
		return nil, err
	}
	name := photo.UploadName{Site: site, ID: req.GetUploadId()}
	if name.ID == "" {
		name.ID = photo.NewID()
	}
	u := &mediav1.Upload{
		Name: name.String(), Uid: uuid.NewString(), PhotoId: asked.GetPhotoId(), Photo: description,
		SizeBytes: asked.GetSizeBytes(), Sha256: asked.GetSha256(), DuplicatePolicy: asked.GetDuplicatePolicy(),
		Creator: auth.FromContext(ctx).ID,
	}
	if u.GetPhotoId() == "" {
		// Chosen now, so that finishing can be repeated.
		u.PhotoId = photo.NewID()
	}
	request := replay.Request{
		Principal: u.GetCreator(), Method: mediav1.MediaService_CreateUpload_FullMethodName,
		Target: req.GetParent(), ID: req.GetRequestId(), Digest: replay.Digest(req),
	}
	return s.Store.CreateUpload(ctx, u, s.OpenUploads, request, now())
}

// GetUpload implements the contract.
func (s *Server) GetUpload(ctx context.Context, req *mediav1.GetUploadRequest) (*mediav1.Upload, error) {
	record, err := s.openUpload(ctx, "name", req.GetName())
	return record.GetUpload(), err
}

// DeleteUpload implements the contract.
func (s *Server) DeleteUpload(ctx context.Context, req *mediav1.DeleteUploadRequest) (*emptypb.Empty, error) {
	name, err := photo.ParseUploadName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	parts, err := s.Store.DeleteUpload(ctx, name, auth.FromContext(ctx).ID, now())
	if err != nil {
		return nil, err
	}
	s.removeParts(ctx, name, parts)
	return &emptypb.Empty{}, nil
}

// openUpload returns the upload of that name, if it is the caller's.
func (s *Server) openUpload(ctx context.Context, field, text string) (*recordv1.Upload, error) {
	name, err := photo.ParseUploadName(field, text)
	if err != nil {
		return nil, err
	}
	return s.Store.Upload(ctx, name, auth.FromContext(ctx).ID, now())
}

// removeParts removes what no record names any more. What it cannot remove is
// left to the sweeper.
func (s *Server) removeParts(ctx context.Context, name photo.UploadName, parts []*recordv1.UploadPart) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTime)
	defer cancel()
	for _, part := range parts {
		if err := s.Objects.Remove(ctx, blobs.Part(name.Site, name.ID, part.GetId())); err != nil {
			s.Log.Warn("parts of an upload wait for the sweeper", slog.String("upload", name.String()), slog.Any("error", err))
			return
		}
	}
}
