package rpc

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// maxRequestID is the longest request id that we take from a caller.
const maxRequestID = 128

// requestIDUnary names the call and tells a caller who named it. Whoever did
// not reads the id in errors, and is spared a header that compresses to nothing.
func requestIDUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	id, asked := nameCall(ctx)
	if asked {
		if err := grpc.SetHeader(ctx, metadata.Pairs(HeaderRequestID, id)); err != nil {
			return nil, err
		}
	}
	return handler(ctx, req)
}

// requestIDStream is requestIDUnary for streams.
func requestIDStream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	id, asked := nameCall(stream.Context())
	if asked {
		if err := stream.SetHeader(metadata.Pairs(HeaderRequestID, id)); err != nil {
			return err
		}
	}
	return handler(srv, stream)
}

// nameCall takes over the caller's id if it is harmless in a log, or makes one.
// asked reports whether the caller sent any.
func nameCall(ctx context.Context) (id string, asked bool) {
	values := metadata.ValueFromIncomingContext(ctx, HeaderRequestID)
	if len(values) == 1 {
		id = values[0]
	}
	if !harmless(id) {
		id = uuid.NewString()
	}
	if c := callFrom(ctx); c != nil {
		c.requestID = id
	}
	return id, len(values) > 0
}

func harmless(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for _, r := range id {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		case r == '-', r == '_', r == '.', r == ':', r == '/':
		default:
			return false
		}
	}
	return true
}
