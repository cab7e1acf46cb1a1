package server

import (
	"context"
	"errors"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// duplicate returns the photo that the site has of the uploaded bytes, nil when
// a record is to be made. The answer promises that the bytes are kept; so where
// the object store lost them, those of the upload take their place, and the
// renditions are made anew.
func (s *Server) duplicate(ctx context.Context, u *upload) (*mediav1.Photo, error) {
	p, err := s.Store.Duplicate(ctx, u.name.Site, u.spool.SHA256(), u.description.GetDuplicatePolicy())
	if p == nil || err != nil {
		return nil, err
	}
	_, err = s.Objects.Stat(ctx, blobs.Original(p.GetSha256()))
	if !errors.Is(err, blobs.ErrNotFound) {
		return p, err
	}
	if err := s.keepOriginal(ctx, u); err != nil {
		return nil, err
	}
	name, err := photo.ParseName("name", p.GetName())
	if err != nil {
		return nil, err
	}
	if _, err := s.Queue.Enqueue(ctx, name, recordv1.Task_PRIORITY_UPLOAD, true); err != nil {
		return nil, err
	}
	return p, nil
}
