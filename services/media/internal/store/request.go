package store

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// requests is where answered requests are remembered.
func requests() replay.Book { return replay.Book{Requests: requestPrefix, Expiries: expiryPrefix} }

// Replayed returns the photo that the request made or changed when it was
// answered before, as it now is, and nil when it was not. It fails with
// REQUEST_ID_REUSED when another request was answered under its ID.
func (s *Store) Replayed(ctx context.Context, request replay.Request, now time.Time) (*mediav1.Photo, error) {
	if request.ID == "" {
		return nil, nil //nolint:nilnil // no answer yet is no error
	}
	var p *mediav1.Photo
	err := s.view(ctx, func(r kv.Reader) (err error) {
		p, err = replayed(r, request, now)
		return err
	})
	return p, err
}

func replayed(r kv.Reader, request replay.Request, now time.Time) (*mediav1.Photo, error) {
	known, err := requests().Answered(r, request, now)
	if known == "" || err != nil {
		return nil, err
	}
	name, err := photo.ParseName("name", known)
	if err != nil {
		return nil, err
	}
	return getPhoto(r, name)
}

// ForgetRequests removes requests that expired; not all at once. It returns how
// many there were: 0 when nothing is left to remove.
func (s *Store) ForgetRequests(ctx context.Context, now time.Time) (int, error) {
	n := 0
	err := s.update(ctx, func(tx kv.Tx) (err error) {
		n, err = requests().Forget(tx, now)
		return err
	})
	return n, err
}
