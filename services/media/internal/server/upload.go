package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// uploadRetry is what a caller is told to wait when all slots are taken.
const uploadRetry = 5 * time.Second

// upload is one UploadPhoto call.
type upload struct {
	name        photo.Name
	description *mediav1.UploadDescription
	creator     string
	spool       *blobs.Spool
	mediaType   string
	request     replay.Request
}

// UploadPhoto implements the contract. Its steps: receive the bytes into a
// nameless file while hashing them; decode; put the original; make the JPEG
// ladder; create the record; answer. What follows - crops, WebP, AVIF - goes on
// without the caller. What is no photo leaves nothing; what fails later, before the
// record, leaves at most objects that nobody refers to, which the sweeper
// removes.
func (s *Server) UploadPhoto(stream uploadStream) error {
	description, err := first(stream)
	if err != nil {
		return err
	}
	u, err := newUpload(stream.Context(), description)
	if err != nil {
		return err
	}
	release, err := s.slot(u.creator)
	if err != nil {
		return err
	}
	if u.spool, u.mediaType, err = s.receive(stream, description); err != nil {
		release()
		return err
	}
	u.request.Digest = replay.Digest(description, u.spool.SHA256())
	p, err := s.store(stream.Context(), u, release)
	if err != nil {
		return err
	}
	if err := s.show([]*mediav1.Photo{p}, mediav1.PhotoView_PHOTO_VIEW_WORKING); err != nil {
		return err
	}
	if err := stream.SendAndClose(p); err != nil {
		return fmt.Errorf("answer an upload: %w", err)
	}
	return nil
}

// slot takes one of the places for photos that are worked on, which release
// gives back. It fails with TOO_MANY_UPLOADS when there is none for the person.
func (s *Server) slot(person string) (release func(), err error) {
	release, ok := s.uploads.take(person)
	if !ok {
		return nil, fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS,
			"of %d photos that may be worked on too many are in work; send this one again in a moment", s.MaxUploads).RetryAfter(uploadRetry)
	}
	return release, nil
}

// newUpload checks the description before any byte is taken.
func newUpload(ctx context.Context, d *mediav1.UploadDescription) (*upload, error) {
	site, err := photo.ParseParent(d.GetParent())
	if err != nil {
		return nil, err
	}
	if _, err := photo.Clean(d.GetPhoto(), "description.photo"); err != nil {
		return nil, err
	}
	u := &upload{name: photo.Name{Site: site, ID: d.GetPhotoId()}, description: d, creator: auth.FromContext(ctx).ID}
	if u.name.ID == "" {
		u.name.ID = photo.NewID()
	}
	u.request = replay.Request{
		Principal: u.creator, Method: mediav1.MediaService_UploadPhoto_FullMethodName,
		Target: d.GetParent(), ID: d.GetRequestId(),
	}
	return u, nil
}

// store keeps a received photo and returns its record. It sees to it that the
// spool is closed and release is called when the work on it has ended.
func (s *Server) store(ctx context.Context, u *upload, release func()) (*mediav1.Photo, error) {
	end := func() {
		if err := u.spool.Close(); err != nil {
			s.Log.Warn("a spool was not closed", slog.Any("error", err))
		}
		release()
	}
	p, err := s.known(ctx, u)
	if p != nil || err != nil {
		end()
		return p, err
	}
	return s.render(ctx, u, end)
}

// known returns the photo when the request was answered before, or the site has
// the bytes already and no second record is wanted. It fails when the chosen id
// is taken.
func (s *Server) known(ctx context.Context, u *upload) (*mediav1.Photo, error) {
	p, err := s.Store.Replayed(ctx, u.request, now())
	if p != nil || err != nil {
		return p, err
	}
	p, err = s.duplicate(ctx, u)
	if p != nil || err != nil {
		return p, err
	}
	switch _, err := s.Store.Get(ctx, u.name); {
	case err == nil:
		return nil, fault.Exists(u.name.String())
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
		return nil, nil //nolint:nilnil // nothing known is what is hoped for
	default:
		return nil, err
	}
}

// render makes the renditions and, as soon as the JPEG ladder is there, the
// record, which it returns. end is called when the spool is no longer needed.
func (s *Server) render(ctx context.Context, u *upload, end func()) (*mediav1.Photo, error) {
	deadline := now().Add(store.UploadLife)
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done, ok := s.jobs.begin(cancel)
	if !ok {
		cancel()
		end()
		return nil, fault.Unavailable(nil, faultv1.Reason_REASON_STORE_UNAVAILABLE, "the service is stopping; send the photo again").
			RetryAfter(uploadRetry)
	}
	answers := make(chan answer, 2) // of the record, and of the end
	go func() {
		defer func() { cancel(); end(); done() }()
		draft, err := draftOf(u)
		if err == nil {
			err = s.Queue.First(work, u.spool, draft, ladder.FirstSteps{
				Decoded: func() error { return s.keepOriginal(work, u) },
				Create: func(l ladder.Ladder, lease photo.Lease) (bool, error) {
					p, created, err := s.create(ctx, u, draft, deadline, l, lease)
					answers <- answer{p, err}
					return created, err
				},
			})
		}
		answers <- answer{nil, err}
	}()
	select {
	case a := <-answers:
		return a.photo, a.err
	case <-ctx.Done():
		cancel()
		return nil, fmt.Errorf("the uploader went away: %w", ctx.Err())
	}
}

// answer is what the uploader is told.
type answer struct {
	photo *mediav1.Photo
	err   error
}

// draftOf returns what the renditions of an upload depend on.
func draftOf(u *upload) (*mediav1.Photo, error) {
	draft, err := photo.Clean(u.description.GetPhoto(), "description.photo")
	if err != nil {
		return nil, err
	}
	draft.Name = u.name.String()
	draft.Generation = photo.WantedGeneration(draft)
	return draft, nil
}

// keepOriginal puts the original into the object store.
func (s *Server) keepOriginal(ctx context.Context, u *upload) error {
	if err := s.Store.Announce(ctx, u.spool.SHA256(), u.name, now()); err != nil {
		return err
	}
	return s.Objects.Put(ctx, blobs.Original(u.spool.SHA256()), u.spool.Reader(), u.spool.Size(), u.mediaType)
}

// create stores the record. created is false when the same request was
// answered in the meantime; then the photo is that of the other answer.
func (s *Server) create(ctx context.Context, u *upload, draft *mediav1.Photo, deadline time.Time, l ladder.Ladder, lease photo.Lease,
) (stored *mediav1.Photo, created bool, err error) {
	at := now()
	if at.After(deadline) {
		return nil, false, fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS,
			"the photo had to wait for too long; send it again later").RetryAfter(uploadRetry)
	}
	p, err := photo.New(u.name, u.description.GetPhoto(), photo.Facts{
		SHA256: u.spool.SHA256(), Size: u.spool.Size(), MediaType: u.mediaType,
		Width: l.Info.Width, Height: l.Info.Height, Frames: l.Info.Frames,
		Color: l.Info.Color, Placeholder: l.Info.ThumbHash, Suggestions: suggestions(l.Info.Metadata),
	}, u.creator, at)
	if err != nil {
		return nil, false, err
	}
	p.Generation, p.Renditions = draft.GetGeneration(), l.JPEG
	p.FocalPoint = &mediav1.Photo_FocalPoint{X: l.Info.Focus.X, Y: l.Info.Focus.Y}
	if stored, err = s.Store.Add(ctx, p, u.description.GetDuplicatePolicy(), lease, u.request, at); err != nil {
		return nil, false, err
	}
	return stored, stored.GetUid() == p.GetUid(), nil
}
