package hub

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	// heartbeat is after what silence a heartbeat is sent; the contracts promise
	// one in ten seconds.
	heartbeat = 5 * time.Second
	// watchRetry is what a caller is told to wait for a free place.
	watchRetry = 30 * time.Second
)

// Watching is what a watcher asked for and how he is told. Everything but
// ResumeToken is required.
type Watching struct {
	Scope Scope
	// ResumeToken is that of the request; without one all there is is told first.
	ResumeToken string
	// Binding says what resume tokens are good for, and Sealer seals them.
	Binding page.Binding
	Sealer  *page.Sealer
	// Snapshot sends all there is, and holds no transaction while it sends.
	Snapshot func(ctx context.Context, send func(proto.Message) error) error
	// Mark returns a message with a resume token that tells nothing else: that
	// the snapshot is complete, or else a heartbeat.
	Mark func(complete bool, token string) proto.Message
	// Max is how many may watch the hub at once.
	Max int64
	// Stopping is closed when the service begins to stop.
	Stopping <-chan struct{}
}

// Watch tells a watcher what he asked for until he goes away or is sent away. It
// fails with TOO_MANY_WATCHERS, INVALID_RESUME_TOKEN and RESUME_TOKEN_EXPIRED,
// with WATCHER_TOO_SLOW, and with SERVICE_UNAVAILABLE when the service stops.
func (h *Hub) Watch(stream grpc.ServerStream, w Watching) error {
	defer h.streams.Add(-1)
	if h.streams.Add(1) > w.Max {
		return fault.New(faultv1.Reason_REASON_TOO_MANY_WATCHERS,
			"%d streams are watching; close one or try later", w.Max).RetryAfter(watchRetry)
	}
	return rpc.UntilEnded(stream.Context(), w.Stopping, func(ctx context.Context, end context.CancelCauseFunc) error {
		after, err := w.begin(ctx, h.source)
		if err != nil {
			return err
		}
		// A watcher learns at once that he is connected, however long nothing
		// happens.
		if err := stream.SendHeader(metadata.MD{}); err != nil {
			return fmt.Errorf("greet a watcher: %w", err)
		}
		t := &teller{Watching: w, sender: NewSender(stream, h, end)}
		if w.ResumeToken == "" {
			if err := w.Snapshot(ctx, t.send); err != nil {
				return err
			}
			if err := t.send(w.Mark(true, t.token(after))); err != nil {
				return err
			}
		}
		return t.follow(ctx, h, after)
	})
}

// begin returns the version to follow from: that of the token, or for a
// snapshot the newest one, taken before anything is read.
func (w *Watching) begin(ctx context.Context, source Source) (uint64, error) {
	if w.ResumeToken == "" {
		return source.Version(ctx)
	}
	position, err := w.Sealer.Open(w.Binding, w.ResumeToken)
	if err != nil {
		return 0, err
	}
	if len(position) != 8 {
		return 0, fault.Invalid("resume_token", faultv1.Reason_REASON_INVALID_RESUME_TOKEN,
			"this token was not given for this query; watch without it to start again")
	}
	return binary.BigEndian.Uint64(position), nil
}

// teller tells one watcher.
type teller struct {
	Watching

	sender *Sender
}

// follow tells what happens after the version.
func (t *teller) follow(ctx context.Context, h *Hub, after uint64) error {
	// Tokens are good for all watchers of the same audience. What else is bound
	// is the same for every token of a method.
	audience := fmt.Sprintf("%q %q %x", t.Binding.Class, t.Binding.Site, t.Binding.Query)
	for e, err := range h.Follow(ctx, t.Scope, after, heartbeat) {
		if err != nil {
			return err
		}
		if e.Frame == nil {
			err = t.send(t.Mark(false, t.token(e.Through)))
		} else {
			err = t.sender.Send(e.Frame, e.Token(audience, t.token))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// send sends a message that is for this watcher alone.
func (t *teller) send(message proto.Message) error {
	frame, err := proto.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode for a watcher: %w", err)
	}
	return t.sender.Send(frame)
}

func (t *teller) token(version uint64) string {
	return t.Sealer.Seal(t.Binding, binary.BigEndian.AppendUint64(nil, version))
}
