package hub

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/rpc"
)

// Sender puts messages on the stream of a watcher, and ends the stream with
// WATCHER_TOO_SLOW when a message is not taken within the patience of the hub.
type Sender struct {
	stream   grpc.ServerStream
	patience time.Duration
	stuck    *time.Timer
}

// NewSender returns a sender on the stream of a watcher of h; end ends the stream.
func NewSender(stream grpc.ServerStream, h *Hub, end context.CancelCauseFunc) *Sender {
	s := &Sender{stream: stream, patience: h.Patience()}
	s.stuck = time.AfterFunc(s.patience, func() { end(h.TooSlow()) })
	s.stuck.Stop()
	return s
}

// Send sends an encoded message, whose parts nobody may change from now on. It
// waits until the stream has room.
func (s *Sender) Send(parts ...[]byte) error {
	s.stuck.Reset(s.patience)
	defer s.stuck.Stop()
	return rpc.SendShared(s.stream, parts...)
}
