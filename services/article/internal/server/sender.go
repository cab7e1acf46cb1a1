package server

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/services/article/internal/hub"
)

// sender puts messages on the stream of a watcher. It does so in a goroutine of
// its own, because a message that the watcher does not take blocks whoever
// sends it until the stream ends, and the stream ends only when its handler
// returns.
type sender struct {
	hub    *hub.Hub
	out    chan [][]byte
	failed chan error
}

// newSender returns a sender that works until ctx ends.
func newSender(ctx context.Context, stream grpc.ServerStream, h *hub.Hub) *sender {
	s := &sender{hub: h, out: make(chan [][]byte), failed: make(chan error, 1)}
	go func() {
		for {
			select {
			case parts := <-s.out:
				if err := rpc.SendShared(stream, parts...); err != nil {
					s.failed <- err
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return s
}

// send hands the parts of an encoded message over once the one before it was
// taken. It fails with WATCHER_TOO_SLOW when that takes longer than
// the patience of the hub, and with the
// error of the stream.
func (s *sender) send(ctx context.Context, parts ...[]byte) error {
	select {
	case s.out <- parts:
		return nil
	default:
	}
	timer := time.NewTimer(s.hub.Patience())
	defer timer.Stop()
	select {
	case s.out <- parts:
		return nil
	case err := <-s.failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return s.hub.TooSlow()
	}
}
