package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// readChunk is how many bytes of a rendition one message carries.
const readChunk = 256 << 10

type renditionStream = grpc.ServerStreamingServer[mediav1.ReadRenditionResponse]

// ReadRendition implements the contract.
func (s *Server) ReadRendition(req *mediav1.ReadRenditionRequest, stream renditionStream) error {
	name, err := photo.ParseName("photo", req.GetPhoto())
	if err != nil {
		return err
	}
	p, err := s.visible(stream.Context(), name, req)
	if err != nil {
		return err
	}
	address, told, err := s.locate(stream.Context(), name, p, req)
	if err != nil {
		return err
	}
	key := blobs.Rendition(p.GetSha256(), address.Generation, address.File())
	body, object, err := s.Objects.Get(stream.Context(), key, req.GetReadOffset(), req.GetReadLimit())
	if errors.Is(err, blobs.ErrNotFound) && !told {
		return notFound(name)
	}
	if errors.Is(err, blobs.ErrNotFound) {
		return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the bytes of this size are missing from the object store; "+
				"the operator has them made again by VerifyPhotos with repair, or restores the bucket where the original is missing, too")
	}
	if err != nil {
		return err
	}
	head := &mediav1.RenditionHead{
		MimeType:   photo.MediaType(req.GetFormat()),
		SizeBytes:  object.Size,
		Etag:       object.ETag,
		Published:  p.GetPublished(),
		ExpireTime: p.GetRights().GetExpireTime(),
	}
	return errors.Join(s.send(stream, &mediav1.ReadRenditionResponse{Head: head}, body), body.Close())
}

// visible returns the photo if the caller may read its renditions: anyone if it
// is public, else whoever may see working copies or has a signed address.
// Without that nobody learns whether the photo exists. Nobody at all reads a
// withdrawn one.
func (s *Server) visible(ctx context.Context, name photo.Name, req *mediav1.ReadRenditionRequest) (*mediav1.Photo, error) {
	p, err := s.Store.Get(ctx, name)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil, err
	}
	if p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		return nil, s.gone(ctx, name)
	}
	if p != nil {
		photo.Judge(p, now())
	}
	if p.GetPublished() || auth.Grant(ctx, auth.PhotoReadWorking, name.Parent()) == auth.All {
		return p, err
	}
	if req.GetSignature() == "" {
		return nil, notFound(name)
	}
	address := asked(name, req)
	if r := current(p, address); address.Generation == "" && r != nil {
		address.Generation = generationOf(r)
	}
	if err := s.Signer.Verify(address, req.GetSignature(), now()); err != nil {
		return nil, err
	}
	return p, err
}

// asked returns the address that a request is about.
func asked(name photo.Name, req *mediav1.ReadRenditionRequest) photo.Address {
	return photo.Address{
		Name: name, Generation: req.GetGeneration(), Width: req.GetWidth(), Format: req.GetFormat(), Crop: req.GetCrop(),
	}
}

// locate returns the address of the rendition and whether the photo tells it.
// An address that it told before may still work: pages in caches have it.
func (s *Server) locate(ctx context.Context, name photo.Name, p *mediav1.Photo, req *mediav1.ReadRenditionRequest) (photo.Address, bool, error) {
	address := asked(name, req)
	r := current(p, address)
	if r != nil && (address.Generation == "" || address.Generation == generationOf(r)) {
		address.Generation = generationOf(r)
		return address, true, nil
	}
	if address.Generation == "" {
		return address, false, notFound(name)
	}
	if slices.Contains(photo.Generations(p), address.Generation) {
		return address, false, nil
	}
	works, err := s.Store.Retired(ctx, name, address.Generation, now())
	if err == nil && !works {
		err = notFound(name)
	}
	return address, false, err
}

// current returns the rendition of that width, format and crop, nil when there
// is none.
func current(p *mediav1.Photo, address photo.Address) *mediav1.Rendition {
	for _, r := range p.GetRenditions() {
		if r.GetFormat() == address.Format && r.GetWidth() == address.Width && r.GetCrop() == address.Crop {
			return r
		}
	}
	return nil
}

func generationOf(r *mediav1.Rendition) string {
	address, _ := photo.AddressOf(r)
	return address.Generation
}

// chunkField is the field of the bytes in ReadRenditionResponse and in
// ReadSocialCardResponse.
const chunkField = 2

// send streams the head, then the body, in messages that are made here:
// pictures are most of what the service sends, and they are not copied.
func (s *Server) send(stream grpc.ServerStream, head proto.Message, body io.Reader) error {
	opening, err := proto.Marshal(head)
	if err != nil {
		return fmt.Errorf("encode the head of a picture: %w", err)
	}
	ended := false
	fill := func(buf []byte) (int, error) {
		n, err := io.ReadFull(body, buf)
		// Only bare these are the end; a transfer that broke off wraps them.
		if ended = err == io.EOF || err == io.ErrUnexpectedEOF; ended {
			return n, nil
		}
		return n, err
	}
	for ; !ended; opening = nil {
		if err := s.chunks.Send(stream, opening, chunkField, fill); err != nil {
			return fmt.Errorf("send a picture: %w", err)
		}
	}
	return nil
}
