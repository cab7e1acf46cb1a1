package server

import (
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

// uploadStream is the stream of an upload.
type uploadStream = grpc.ClientStreamingServer[mediav1.UploadPhotoRequest, mediav1.Photo]

// receive takes the bytes of an upload into a spool, which the caller closes,
// and returns what kind of photo it is by its content. It refuses as soon as
// it can tell that the photo will not do.
func (s *Server) receive(stream uploadStream, d *mediav1.UploadDescription) (*blobs.Spool, string, error) {
	if d.GetSizeBytes() > s.MaxBytes {
		return nil, "", s.tooLarge()
	}
	spool, err := blobs.NewSpool(s.SpoolDir, s.MaxBytes)
	if err != nil {
		return nil, "", err
	}
	reception := &reception{stream: stream, spool: spool, description: d}
	finished := make(chan error, 1)
	go func() { finished <- reception.run() }()
	timeout := time.NewTimer(s.UploadTimeout)
	defer timeout.Stop()
	select {
	case err = <-finished:
	case <-timeout.C:
		// Receiving ends only when this call does; the spool is its own until
		// then.
		go func() { _ = errors.Join(<-finished, spool.Close()) }()
		return nil, "", fault.New(faultv1.Reason_REASON_DEADLINE_EXCEEDED,
			"the photo did not arrive within %s; use a faster connection or a smaller file", s.UploadTimeout)
	}
	if errors.Is(err, blobs.ErrSpoolFull) {
		err = s.tooLarge()
	}
	if err != nil {
		return nil, "", errors.Join(err, spool.Close())
	}
	return spool, reception.mediaType, nil
}

func (s *Server) tooLarge() error {
	return fault.New(faultv1.Reason_REASON_IMAGE_TOO_LARGE, "send a file of at most %d MB", s.MaxBytes>>20)
}

// reception is one upload that is arriving.
type reception struct {
	stream      uploadStream
	spool       *blobs.Spool
	description *mediav1.UploadDescription
	head        []byte
	mediaType   string
}

// run receives to the end and checks what can be checked without decoding.
func (r *reception) run() error {
	for {
		message, err := r.stream.Recv()
		if errors.Is(err, io.EOF) {
			return r.check()
		}
		if err != nil {
			return fmt.Errorf("receive a photo: %w", err)
		}
		if message.GetDescription() != nil {
			return fault.InvalidField("description", "only the first message describes; send the bytes as chunk")
		}
		if err := r.take(message.GetChunk()); err != nil {
			return err
		}
	}
}

// take adds one chunk.
func (r *reception) take(chunk []byte) error {
	if _, err := r.spool.Write(chunk); err != nil {
		return err
	}
	if announced := r.description.GetSizeBytes(); announced > 0 && r.spool.Size() > announced {
		return wrongSize(announced, "more")
	}
	if missing := pixels.SniffLen - len(r.head); missing > 0 {
		r.head = append(r.head, chunk[:min(missing, len(chunk))]...)
		if len(r.head) == pixels.SniffLen {
			return r.sniff()
		}
	}
	return nil
}

// check looks at the whole.
func (r *reception) check() error {
	if announced := r.description.GetSizeBytes(); announced > 0 && r.spool.Size() < announced {
		return wrongSize(announced, "fewer")
	}
	if wanted := r.description.GetSha256(); wanted != "" && wanted != r.spool.SHA256() {
		return fault.New(faultv1.Reason_REASON_CHECKSUM_MISMATCH,
			"the bytes that arrived have another SHA-256 than announced; send the photo again")
	}
	return r.sniff()
}

func (r *reception) sniff() error {
	if r.mediaType != "" {
		return nil
	}
	mediaType, ok := pixels.Sniff(r.head)
	if !ok {
		return unsupported()
	}
	r.mediaType = mediaType
	return nil
}

func unsupported() error {
	return fault.New(faultv1.Reason_REASON_IMAGE_UNSUPPORTED,
		"this is not a photo that we can read, whatever its name says; send JPEG, PNG, WebP, AVIF, HEIC, GIF or TIFF")
}

func wrongSize(announced int64, how string) error {
	return fault.New(faultv1.Reason_REASON_CHECKSUM_MISMATCH,
		"%s bytes arrived than the %d announced; send the photo again", how, announced)
}

// first receives the description of an upload.
func first(stream uploadStream) (*mediav1.UploadDescription, error) {
	message, err := stream.Recv()
	if errors.Is(err, io.EOF) || (err == nil && message.GetDescription() == nil) {
		return nil, fault.InvalidField("description", "the first message must describe the upload")
	}
	if err != nil {
		return nil, fmt.Errorf("receive the description: %w", err)
	}
	return message.GetDescription(), nil
}
