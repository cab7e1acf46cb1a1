package server

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

// sender puts messages on the stream of a watcher, and ends the stream with
// WATCHER_TOO_SLOW when a message is not taken within the patience of the hub.
type sender struct {
	stream   grpc.ServerStream
	patience time.Duration
	stuck    *time.Timer
}

func newSender(stream grpc.ServerStream, h *hub.Hub, end context.CancelCauseFunc) *sender {
	s := &sender{stream: stream, patience: h.Patience()}
	s.stuck = time.AfterFunc(s.patience, func() { end(h.TooSlow()) })
	s.stuck.Stop()
	return s
}

// send sends an encoded message, whose parts nobody may change from now on. It
// waits until the stream has room.
func (s *sender) send(parts ...[]byte) error {
	s.stuck.Reset(s.patience)
	defer s.stuck.Stop()
	return rpc.SendShared(s.stream, parts...)
}
