package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// FinishUpload implements the contract. The photo is made under the id that was
// chosen when the upload began, and as the answer to a request whose id is the
// uid of the upload: so it is made once, however often this is called and
// wherever an earlier call ended.
func (s *Server) FinishUpload(ctx context.Context, req *mediav1.FinishUploadRequest) (*mediav1.Photo, error) {
	record, err := s.openUpload(ctx, "name", req.GetName())
	if err != nil {
		return nil, err
	}
	p, err := s.finish(ctx, record)
	if err != nil {
		return nil, err
	}
	return p, s.show([]*mediav1.Photo{p}, mediav1.PhotoView_PHOTO_VIEW_WORKING)
}

func (s *Server) finish(ctx context.Context, record *recordv1.Upload) (*mediav1.Photo, error) {
	u := record.GetUpload()
	if u.GetState() == mediav1.Upload_STATE_FINISHED {
		name, err := photo.ParseName("upload.result_photo", u.GetResultPhoto())
		if err != nil {
			return nil, err
		}
		return s.Store.Get(ctx, name)
	}
	if u.GetOffsetBytes() != u.GetSizeBytes() {
		return nil, store.WrongOffset(u)
	}
	name, err := photo.ParseUploadName("name", u.GetName())
	if err != nil {
		return nil, err
	}
	p, err := s.makePhoto(ctx, name, record)
	if hopeless(err) {
		return s.giveUp(ctx, name, err)
	}
	if err != nil {
		return nil, err
	}
	parts, err := s.Store.FinishUpload(context.WithoutCancel(ctx), name, u.GetCreator(), p.GetName(), now())
	if err != nil {
		// The photo is there and another call would find it.
		s.Log.Warn("an upload was not closed", slog.String("upload", u.GetName()), slog.Any("error", err))
		return p, nil
	}
	s.removeParts(ctx, name, parts)
	return p, nil
}

// makePhoto makes a photo of bytes that are all there.
func (s *Server) makePhoto(ctx context.Context, name photo.UploadName, record *recordv1.Upload) (*mediav1.Photo, error) {
	up := record.GetUpload()
	u, err := newUpload(ctx, &mediav1.UploadDescription{
		Parent: "sites/" + name.Site, PhotoId: up.GetPhotoId(), Photo: up.GetPhoto(), SizeBytes: up.GetSizeBytes(),
		Sha256: up.GetSha256(), DuplicatePolicy: up.GetDuplicatePolicy(),
	})
	if err != nil {
		return nil, err
	}
	u.request = replay.Request{
		Principal: u.creator, Method: mediav1.MediaService_FinishUpload_FullMethodName, Target: up.GetName(), ID: up.GetUid(),
	}
	release, err := s.slot(u.creator)
	if err != nil {
		return nil, err
	}
	if u.spool, u.mediaType, err = s.gather(ctx, name, record); err != nil {
		release()
		return nil, err
	}
	return s.store(ctx, u, release)
}

// gather puts the parts together in a spool, which the caller closes, checks
// them and says what kind of photo they are.
func (s *Server) gather(ctx context.Context, name photo.UploadName, record *recordv1.Upload) (*blobs.Spool, string, error) {
	spool, err := blobs.NewSpool(s.SpoolDir, s.MaxBytes)
	if err != nil {
		return nil, "", err
	}
	for _, part := range record.GetParts() {
		if err := s.fetchPart(ctx, name, part, spool); err != nil {
			if errors.Is(err, blobs.ErrSpoolFull) {
				err = s.tooLarge()
			}
			return nil, "", errors.Join(err, spool.Close())
		}
	}
	head := make([]byte, min(spool.Size(), pixels.SniffLen))
	if _, err := io.ReadFull(spool.Reader(), head); err != nil {
		return nil, "", errors.Join(fmt.Errorf("read a temporary file: %w", err), spool.Close())
	}
	u := record.GetUpload()
	received := &reception{spool: spool, head: head, description: &mediav1.UploadDescription{SizeBytes: u.GetSizeBytes(), Sha256: u.GetSha256()}}
	if err := received.check(); err != nil {
		return nil, "", errors.Join(err, spool.Close())
	}
	return spool, received.mediaType, nil
}

// hopeless reports whether the same bytes can never become a photo. A decoder
// that was too slow or broke may have lacked time or memory on a busy machine;
// then the upload can be finished later, as what the queue makes is tried again.
func hopeless(err error) bool {
	if broken, ok := errors.AsType[*pixels.Error](err); ok && (broken.Reason == pixels.TooSlow || broken.Reason == pixels.Crashed) {
		return false
	}
	switch fault.ReasonOf(err) { //nolint:exhaustive // all others may pass
	case faultv1.Reason_REASON_CHECKSUM_MISMATCH, faultv1.Reason_REASON_IMAGE_UNSUPPORTED,
		faultv1.Reason_REASON_IMAGE_TOO_LARGE, faultv1.Reason_REASON_IMAGE_DAMAGED:
		return true
	}
	return false
}

// giveUp forgets an upload whose bytes are no good and returns why. When they
// are missing because another call was faster, it returns the photo of that.
func (s *Server) giveUp(ctx context.Context, name photo.UploadName, why error) (*mediav1.Photo, error) {
	ctx, creator := context.WithoutCancel(ctx), auth.FromContext(ctx).ID
	record, err := s.Store.Upload(ctx, name, creator, now())
	if err != nil {
		return nil, errors.Join(why, err)
	}
	if record.GetUpload().GetState() == mediav1.Upload_STATE_FINISHED {
		return s.finish(ctx, record)
	}
	parts, err := s.Store.DeleteUpload(ctx, name, creator, now())
	if err != nil {
		return nil, errors.Join(why, err)
	}
	s.removeParts(ctx, name, parts)
	return nil, why
}

// hashing writes to a spool and checks what it wrote.
type hashing struct {
	to   io.Writer
	hash hash.Hash
	size int64
}

// Write implements io.Writer.
func (h *hashing) Write(p []byte) (int, error) {
	if h.hash == nil {
		h.hash = sha256.New()
	}
	n, err := h.to.Write(p)
	h.hash.Write(p[:n])
	h.size += int64(n)
	return n, err //nolint:wrapcheck // the spool's own error
}

// is reports whether what was written are the bytes of the part.
func (h *hashing) is(part *recordv1.UploadPart) bool {
	return h.hash != nil && h.size == part.GetSizeBytes() && bytes.Equal(h.hash.Sum(nil), part.GetSha256())
}
