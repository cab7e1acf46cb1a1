package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// appendsPerUpload is how many calls may bring pieces for each photo that may
// be worked on: they wait for their senders, and hold a part on disk.
const appendsPerUpload = 4

// appendStream is the stream of an AppendUpload call.
type appendStream = grpc.ClientStreamingServer[mediav1.AppendUploadRequest, mediav1.Upload]

// AppendUpload implements the contract. What arrived is put as a part, an
// object of its own, each few megabytes and however the call ends, and counts
// once the record names it. Of two calls at the same place the first to put a
// part wins; no lock is held, so that none is left behind by a broken
// connection or a killed replica.
func (s *Server) AppendUpload(stream appendStream) error {
	target, err := firstTarget(stream)
	if err != nil {
		return err
	}
	record, err := s.openUpload(stream.Context(), "target.name", target.GetName())
	if err != nil {
		return err
	}
	u := record.GetUpload()
	if u.GetState() != mediav1.Upload_STATE_ACTIVE {
		return fault.State(u.GetName(), "the upload is finished; its photo is %s", u.GetResultPhoto())
	}
	if u.GetOffsetBytes() != target.GetOffsetBytes() {
		return store.WrongOffset(u)
	}
	release, ok := s.appends.take(auth.FromContext(stream.Context()).ID)
	if !ok {
		return fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS,
			"too many uploads are arriving; send these bytes again in a moment").RetryAfter(uploadRetry)
	}
	defer release()
	name, err := photo.ParseUploadName("target.name", target.GetName())
	if err != nil {
		return err
	}
	p := &partWriter{server: s, name: name, creator: auth.FromContext(stream.Context()).ID, record: record}
	if err := errors.Join(s.takeParts(stream, p), p.close()); err != nil {
		return err
	}
	if err := stream.SendAndClose(p.record.GetUpload()); err != nil {
		return fmt.Errorf("answer an append: %w", err)
	}
	return nil
}

// flushTime is how long the bytes that arrived before a call broke may take to
// become safe.
const flushTime = 15 * time.Second

// takeParts receives to the end of the call, whatever that is, and keeps what
// arrived before it.
func (s *Server) takeParts(stream appendStream, p *partWriter) error {
	if err := p.begin(stream.Context()); err != nil {
		return err
	}
	err := s.takeChunks(stream, p)
	if err != nil && !p.worthKeeping(err) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(stream.Context()), flushTime)
	defer cancel()
	return errors.Join(err, p.flush(ctx))
}

// arrival is one message of a stream, or how it ended.
type arrival struct {
	message *mediav1.AppendUploadRequest
	err     error
}

// takeChunks takes bytes until the stream ends, the time is over or the service
// stops.
func (s *Server) takeChunks(stream appendStream, p *partWriter) error {
	arrivals, done := make(chan arrival), make(chan struct{})
	defer close(done)
	go pump(stream, arrivals, done)
	timeout := time.NewTimer(s.UploadTimeout)
	defer timeout.Stop()
	for {
		select {
		case a := <-arrivals:
			switch {
			case errors.Is(a.err, io.EOF):
				return nil
			case a.err != nil:
				return fmt.Errorf("receive bytes of an upload: %w", a.err)
			case a.message.GetTarget() != nil:
				return fault.InvalidField("target", "only the first message says where; send the bytes as chunk")
			}
			if err := p.take(stream.Context(), a.message.GetChunk()); err != nil {
				return err
			}
		case <-timeout.C:
			return fault.New(faultv1.Reason_REASON_DEADLINE_EXCEEDED,
				"not all bytes arrived within %s; what did is kept, go on from there", s.UploadTimeout)
		case <-s.Stopping:
			return fault.Unavailable(nil, faultv1.Reason_REASON_STORE_UNAVAILABLE,
				"the service is stopping; what arrived is kept, go on from there").RetryAfter(uploadRetry)
		}
	}
}

// pump passes on what the stream says until it ends or nobody listens.
func pump(stream appendStream, arrivals chan<- arrival, done <-chan struct{}) {
	for {
		message, err := stream.Recv()
		select {
		case arrivals <- arrival{message, err}:
		case <-done:
			return
		}
		if err != nil {
			return
		}
	}
}

// firstTarget receives where bytes belong.
func firstTarget(stream appendStream) (*mediav1.AppendTarget, error) {
	message, err := stream.Recv()
	if errors.Is(err, io.EOF) || (err == nil && message.GetTarget() == nil) {
		return nil, fault.InvalidField("target", "the first message must say where the bytes belong")
	}
	if err != nil {
		return nil, fmt.Errorf("receive where bytes belong: %w", err)
	}
	return message.GetTarget(), nil
}
