package server

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

const (
	// partSize is how many bytes are put at a time, and so how many a crash of
	// the service can take back.
	partSize = 4 << 20
	// smallPart is the size below which the last part is written anew together
	// with what follows, so that an upload in many tiny pieces has few parts.
	smallPart = 256 << 10
	// maxChunk is the most that one message carries.
	maxChunk = 1 << 20
)

// partWriter collects bytes of an upload and puts them as parts.
type partWriter struct {
	server  *Server
	name    photo.UploadName
	creator string
	record  *recordv1.Upload // as it was last stored

	spool *blobs.Spool
	// last is the part that the spool begins with again, nil for none.
	last *recordv1.UploadPart
	head []byte // the first bytes of the file, where the spool begins with them
}

// begin prepares to go on after what is there.
func (p *partWriter) begin(ctx context.Context) (err error) {
	if p.spool, err = blobs.NewSpool(p.server.SpoolDir, partSize+smallPart+maxChunk); err != nil {
		return err
	}
	parts := p.record.GetParts()
	if len(parts) == 0 || parts[len(parts)-1].GetSizeBytes() >= smallPart {
		return nil
	}
	p.last = parts[len(parts)-1]
	if err := p.server.fetchPart(ctx, p.name, p.last, p.spool); err != nil {
		// Perhaps another call has just put more bytes in its place.
		now, again := p.server.Store.Upload(ctx, p.name, p.creator, now())
		if again == nil && now.GetUpload().GetOffsetBytes() != p.record.GetUpload().GetOffsetBytes() {
			return store.WrongOffset(now.GetUpload())
		}
		return err
	}
	if len(parts) == 1 {
		p.head = make([]byte, min(p.spool.Size(), pixels.SniffLen))
		if _, err := p.spool.Reader().Read(p.head); err != nil {
			return fmt.Errorf("read a temporary file: %w", err)
		}
	}
	return nil
}

// fresh is how many bytes arrived that are not safe yet.
func (p *partWriter) fresh() int64 { return p.spool.Size() - p.last.GetSizeBytes() }

// take adds one chunk. It fails with TOO_LARGE and IMAGE_UNSUPPORTED.
func (p *partWriter) take(ctx context.Context, chunk []byte) error {
	u := p.record.GetUpload()
	at := u.GetOffsetBytes() + p.fresh()
	if at+int64(len(chunk)) > u.GetSizeBytes() {
		return store.TooLong(u)
	}
	if missing := pixels.SniffLen - len(p.head); at < pixels.SniffLen && missing > 0 {
		p.head = append(p.head, chunk[:min(missing, len(chunk))]...)
		if _, ok := pixels.Sniff(p.head); !ok && len(p.head) == pixels.SniffLen {
			return unsupported()
		}
	}
	if _, err := p.spool.Write(chunk); err != nil {
		return err
	}
	if p.spool.Size() >= partSize {
		return p.flush(ctx)
	}
	return nil
}

// worthKeeping reports whether what arrived before the error may be the
// beginning of the file: not when the bytes themselves are wrong.
func (p *partWriter) worthKeeping(err error) bool {
	switch fault.ReasonOf(err) { //nolint:exhaustive // after all others the bytes are good
	case faultv1.Reason_REASON_TOO_LARGE, faultv1.Reason_REASON_IMAGE_UNSUPPORTED, faultv1.Reason_REASON_UPLOAD_OFFSET:
		return false
	}
	return true
}

// flush makes safe what arrived. It fails with UPLOAD_OFFSET when another call
// was faster.
func (p *partWriter) flush(ctx context.Context) error {
	if p.fresh() == 0 {
		return nil
	}
	sum, err := hex.DecodeString(p.spool.SHA256())
	if err != nil {
		return fmt.Errorf("decode a hash: %w", err)
	}
	part := &recordv1.UploadPart{Id: photo.NewID(), SizeBytes: p.spool.Size(), Sha256: sum}
	key := blobs.Part(p.name.Site, p.name.ID, part.GetId())
	if err := p.server.Objects.Put(ctx, key, p.spool.Reader(), p.spool.Size(), "application/octet-stream"); err != nil {
		return err
	}
	record, err := p.server.Store.Append(ctx, p.name, p.creator, p.record.GetUpload().GetOffsetBytes(), p.last.GetId(), part, now())
	if refused(err) {
		p.server.removeParts(ctx, p.name, []*recordv1.UploadPart{part})
	}
	if err != nil {
		return err
	}
	if p.last != nil {
		p.server.removeParts(ctx, p.name, []*recordv1.UploadPart{p.last})
	}
	p.record, p.last = record, nil
	full := p.spool
	p.spool, err = blobs.NewSpool(p.server.SpoolDir, partSize+smallPart+maxChunk)
	if err != nil {
		p.spool = full
		return err
	}
	return full.Close()
}

// refused reports whether a part was not recorded for certain: after other
// errors it may have been.
func refused(err error) bool {
	switch fault.ReasonOf(err) { //nolint:exhaustive // the others leave it open
	case faultv1.Reason_REASON_UPLOAD_OFFSET, faultv1.Reason_REASON_TOO_LARGE,
		faultv1.Reason_REASON_WRONG_STATE, faultv1.Reason_REASON_RESOURCE_NOT_FOUND:
		return true
	}
	return false
}

// close gives the space back.
func (p *partWriter) close() error {
	if p.spool == nil {
		return nil
	}
	return p.spool.Close()
}

// fetchPart appends the bytes of a part to the spool and checks them.
func (s *Server) fetchPart(ctx context.Context, name photo.UploadName, part *recordv1.UploadPart, to *blobs.Spool) error {
	hashed := &hashing{to: to}
	err := s.Objects.Fetch(ctx, blobs.Part(name.Site, name.ID, part.GetId()), hashed)
	if errors.Is(err, blobs.ErrNotFound) || (err == nil && !hashed.is(part)) {
		return fault.Wrap(err, faultv1.Reason_REASON_CHECKSUM_MISMATCH,
			"bytes that had arrived are lost in the object store; delete the upload and begin it again")
	}
	return err
}
