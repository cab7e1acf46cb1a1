package rpc

import (
	"context"
	"sync"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
)

// call is what the interceptors of one call tell each other. The outermost one
// makes it; it is used by one goroutine at a time, except for the reply.
type call struct {
	method    string // full method, "/package.Service/Method"
	requestID string
	principal auth.Principal
	cause     error // what became INTERNAL, for the log

	mu    sync.Mutex
	reply *raw
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callFrom returns the call that ctx belongs to, nil when there is none.
func callFrom(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// RequestID returns the id of the call that ctx belongs to; "" outside a call.
func RequestID(ctx context.Context) string {
	if c := callFrom(ctx); c != nil {
		return c.requestID
	}
	return ""
}

// setReply replaces the encoded reply and frees the one before it.
func (c *call) setReply(r *raw) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reply != nil {
		c.reply.data.Free()
	}
	c.reply = r
}

// takeReply returns the encoded reply, nil when there is none; the caller owns
// its buffer.
func (c *call) takeReply() *raw {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.reply
	c.reply = nil
	return r
}

// replyUnary is the outermost interceptor: it opens the call, and swaps the
// empty typed reply for the encoded one if the handler gave one to Reply.
func replyUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	c := &call{method: info.FullMethod}
	resp, err := handler(withCall(ctx, c), req)
	if err != nil {
		c.setReply(nil)
		return nil, err
	}
	if r := c.takeReply(); r != nil {
		return r, nil
	}
	return resp, nil
}

// replyStream opens the call of a stream; replies on it go through SendRaw.
func replyStream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	c := &call{method: info.FullMethod}
	err := handler(srv, &serverStream{ServerStream: stream, ctx: withCall(stream.Context(), c)})
	c.setReply(nil)
	return err
}

// serverStream is a stream with another context.
type serverStream struct {
	grpc.ServerStream
	ctx context.Context //nolint:containedctx // this is how gRPC passes a stream's context on
}

// Context returns the context of the interceptor that made the stream.
func (s *serverStream) Context() context.Context { return s.ctx }
