package server

import (
	"context"
	"log/slog"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// maxWithdrawn is how many usages WithdrawPhoto answers with.
const maxWithdrawn = 1000

// change turns a photo into what it becomes.
type change func(p *mediav1.Photo, now time.Time) (*mediav1.Photo, error)

// removalRequest is what the requests of all removals have.
type removalRequest interface {
	proto.Message
	GetName() string
	GetEtag() string
	GetRequestId() string
}

// DeletePhoto implements the contract.
func (s *Server) DeletePhoto(ctx context.Context, req *mediav1.DeletePhotoRequest) (*mediav1.Photo, error) {
	return s.remove(ctx, req, mediav1.MediaService_DeletePhoto_FullMethodName, auth.PhotoDelete, mediav1.WatchPhotosResponse_KIND_DELETED,
		photo.Delete)
}

// UndeletePhoto implements the contract.
func (s *Server) UndeletePhoto(ctx context.Context, req *mediav1.UndeletePhotoRequest) (*mediav1.Photo, error) {
	return s.remove(ctx, req, mediav1.MediaService_UndeletePhoto_FullMethodName, auth.PhotoDelete, mediav1.WatchPhotosResponse_KIND_UPDATED,
		photo.Undelete)
}

// RestorePhoto implements the contract.
func (s *Server) RestorePhoto(ctx context.Context, req *mediav1.RestorePhotoRequest) (*mediav1.Photo, error) {
	return s.remove(ctx, req, mediav1.MediaService_RestorePhoto_FullMethodName, auth.PhotoWithdraw, mediav1.WatchPhotosResponse_KIND_UPDATED,
		photo.Restore)
}

// WithdrawPhoto implements the contract. A retry that is answered with what the
// first call made finds the duplicates that call did not reach.
func (s *Server) WithdrawPhoto(ctx context.Context, req *mediav1.WithdrawPhotoRequest) (*mediav1.WithdrawPhotoResponse, error) {
	reason, err := photo.CleanText(req.GetReason(), "reason")
	if err != nil {
		return nil, err
	}
	grace := s.WithdrawalGrace
	if req.GetPurge() {
		grace = 0
	}
	withdraw := func(p *mediav1.Photo, now time.Time) (*mediav1.Photo, error) {
		return photo.Withdraw(p, reason, grace, now)
	}
	p, err := s.remove(ctx, req, mediav1.MediaService_WithdrawPhoto_FullMethodName, auth.PhotoWithdraw,
		mediav1.WatchPhotosResponse_KIND_WITHDRAWN, withdraw)
	if err != nil {
		return nil, err
	}
	name, err := photo.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	response := &mediav1.WithdrawPhotoResponse{Photo: p}
	same, err := s.Store.SameBytes(ctx, name, p.GetSha256())
	if err != nil {
		return nil, err
	}
	for _, duplicate := range same {
		withdrawn := duplicate.GetState() == mediav1.Photo_STATE_WITHDRAWN
		if withdrawn && !req.GetIncludeDuplicates() {
			continue // it is not there any more
		}
		if !withdrawn && req.GetIncludeDuplicates() {
			if err := s.withdrawDuplicate(ctx, duplicate, withdraw); err != nil {
				return nil, err
			}
		}
		response.DuplicatePhotos = append(response.DuplicatePhotos, duplicate.GetName())
	}
	response.Usages, _, err = s.Store.Usages(ctx, name, nil, maxWithdrawn)
	return response, err
}

// withdrawDuplicate withdraws another photo of the same bytes, in whatever state
// it is.
func (s *Server) withdrawDuplicate(ctx context.Context, p *mediav1.Photo, withdraw change) error {
	name, err := photo.ParseName("name", p.GetName())
	if err != nil {
		return err
	}
	at := now()
	_, err = s.Store.Remove(ctx, name, store.Removal{
		Kind:   mediav1.WatchPhotosResponse_KIND_WITHDRAWN,
		Permit: func(*mediav1.Photo) error { return nil },
		Change: func(p *mediav1.Photo) (*mediav1.Photo, error) { return withdraw(p, at) },
	}, at)
	if fault.Has(err, faultv1.Reason_REASON_WRONG_STATE) || fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil // somebody else was faster
	}
	return err
}

// remove takes a photo away or brings it back.
func (s *Server) remove(ctx context.Context, req removalRequest, method string, permission auth.Permission,
	kind mediav1.WatchPhotosResponse_Kind, change change,
) (*mediav1.Photo, error) {
	name, err := photo.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	caller, at := auth.FromContext(ctx), now()
	p, err := s.Store.Remove(ctx, name, store.Removal{
		Etag: etag, Kind: kind,
		Request: replay.Request{Principal: caller.ID, Method: method, Target: name.String(), ID: req.GetRequestId(), Digest: replay.Digest(req, etag)},
		Permit: func(p *mediav1.Photo) error {
			if caller.Grant(permission, name.Parent()) != auth.All && p.GetCreator() != caller.ID {
				return fault.Denied(string(permission))
			}
			return nil
		},
		Change: func(p *mediav1.Photo) (*mediav1.Photo, error) { return change(p, at) },
	}, at)
	if err != nil {
		return nil, err
	}
	s.Log.InfoContext(ctx, "a photo was removed or brought back", slog.String("photo", p.GetName()),
		slog.String("state", p.GetState().String()), slog.String("by", caller.ID))
	return p, s.show([]*mediav1.Photo{p}, mediav1.PhotoView_PHOTO_VIEW_WORKING)
}

// gone answers for a withdrawn photo that is not shown: RESOURCE_GONE where
// anyone could see it once, and to those who may see its record; else as for one
// that never was.
func (s *Server) gone(ctx context.Context, name photo.Name) error {
	once, err := s.Store.OncePublic(ctx, name)
	if err != nil {
		return err
	}
	if !once && auth.Grant(ctx, auth.PhotoReadWorking, name.Parent()) != auth.All {
		return notFound(name)
	}
	return fault.New(faultv1.Reason_REASON_RESOURCE_GONE, "%s was withdrawn and is not shown any more", name).With("name", name.String())
}

// refuseWithdrawn fails as gone does when one of the photos is withdrawn and
// the view is for the public.
func (s *Server) refuseWithdrawn(ctx context.Context, photos []*mediav1.Photo, view mediav1.PhotoView) error {
	if view == mediav1.PhotoView_PHOTO_VIEW_WORKING {
		return nil
	}
	for _, p := range photos {
		if p.GetState() != mediav1.Photo_STATE_WITHDRAWN {
			continue
		}
		name, err := photo.ParseName("name", p.GetName())
		if err != nil {
			return err
		}
		return s.gone(ctx, name)
	}
	return nil
}
