package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
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
	request     store.Request
}

// UploadPhoto implements the contract. Its steps: receive the bytes into a
// nameless file while hashing them; decode; put the original; make the JPEG
// ladder; create the record; answer. What follows - WebP - goes on without the
// caller. What is no photo leaves nothing; what fails later, before the
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
	release, err := s.slot()
	if err != nil {
		return err
	}
	if u.spool, u.mediaType, err = s.receive(stream, description); err != nil {
		release()
		return err
	}
	u.request.Digest = digest(description, u.spool.SHA256())
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
// gives back. It fails with TOO_MANY_UPLOADS when there is none.
func (s *Server) slot() (release func(), err error) {
	select {
	case s.uploads <- struct{}{}:
		return func() { <-s.uploads }, nil
	default:
		return nil, fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS,
			"%d photos are being worked on; send this one again in a moment", s.MaxUploads).RetryAfter(uploadRetry)
	}
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
	u.request = store.Request{
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
	p, err = s.Store.Duplicate(ctx, u.name.Site, u.spool.SHA256(), u.description.GetDuplicatePolicy())
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

// outcome is how the work on renditions ended.
type outcome struct {
	made ladder.Ladder
	err  error
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
	free := s.Queue.Claim(u.name)
	cleanup := func() {
		cancel()
		end()
		free()
		done()
	}
	ready, ended := make(chan ladder.Ladder, 1), make(chan outcome, 1)
	go func() {
		original := ladder.Original{Reader: u.spool.Reader(), Size: u.spool.Size(), SHA256: u.spool.SHA256()}
		made, err := s.Maker.Make(work, original, []pixels.Format{pixels.JPEG, pixels.WebP}, ladder.Steps{
			Decoded: func() error { return s.keepOriginal(work, u) },
			Ready:   func(l ladder.Ladder) { ready <- l },
		})
		ended <- outcome{made, err}
	}()
	p, created, err := s.create(ctx, u, deadline, ready, ended)
	if !created {
		cancel()
	}
	go func() {
		defer cleanup()
		if o := <-ended; created {
			s.settle(work, u.name, o)
		}
	}()
	return p, err
}

// keepOriginal puts the original into the object store.
func (s *Server) keepOriginal(ctx context.Context, u *upload) error {
	if err := s.Store.Announce(ctx, u.spool.SHA256(), now()); err != nil {
		return err
	}
	return s.Objects.Put(ctx, blobs.Original(u.spool.SHA256()), u.spool.Reader(), u.spool.Size(), u.mediaType)
}

// create waits for the JPEG ladder and stores the record. created is false
// when the same request was answered in the meantime; then the photo is that
// of the other answer.
func (s *Server) create(ctx context.Context, u *upload, deadline time.Time,
	ready <-chan ladder.Ladder, ended chan outcome,
) (stored *mediav1.Photo, created bool, err error) {
	jpeg, err := await(ctx, ready, ended)
	if err != nil {
		return nil, false, err
	}
	at := now()
	if at.After(deadline) {
		return nil, false, fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS,
			"the photo had to wait for too long; send it again later").RetryAfter(uploadRetry)
	}
	p, err := photo.New(u.name, u.description.GetPhoto(), photo.Facts{
		SHA256: u.spool.SHA256(), Size: u.spool.Size(), MediaType: u.mediaType,
		Width: jpeg.Info.Width, Height: jpeg.Info.Height,
		Color: jpeg.Info.Color, Placeholder: jpeg.Info.ThumbHash, Suggestions: suggestions(jpeg.Info.Metadata),
	}, u.creator, at)
	if err != nil {
		return nil, false, err
	}
	p.Renditions = ladder.Renditions(u.name, jpeg.Made)
	if stored, err = s.Store.Add(ctx, p, u.description.GetDuplicatePolicy(), u.request, at); err != nil {
		return nil, false, err
	}
	return stored, stored.GetUid() == p.GetUid(), nil
}

// await returns the JPEG ladder. The outcome, if it came first, stays in ended.
func await(ctx context.Context, ready <-chan ladder.Ladder, ended chan outcome) (ladder.Ladder, error) {
	select {
	case jpeg := <-ready:
		return jpeg, nil
	case <-ctx.Done():
		return ladder.Ladder{}, fmt.Errorf("the uploader went away: %w", ctx.Err())
	case o := <-ended:
		ended <- o
		select {
		case jpeg := <-ready: // both had come; what failed is what follows JPEG
			return jpeg, nil
		default:
			return o.made, o.err
		}
	}
}

// settle writes down how the work ended. What may still succeed is left to the
// queue.
func (s *Server) settle(ctx context.Context, name photo.Name, o outcome) {
	// Also when the work was cancelled the record may have to be written.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	err := s.Queue.Settle(ctx, name, o.made, o.err)
	if err != nil && !errors.Is(err, context.Canceled) {
		s.Log.Warn("a photo waits for its remaining sizes", slog.String("photo", name.String()), slog.Any("error", err))
	}
}
