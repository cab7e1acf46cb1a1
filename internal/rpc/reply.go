package rpc

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// Reply makes the concatenation of parts, an encoded message, the reply of the
// unary call that ctx belongs to, and returns the empty typed reply m for the
// handler to return beside it:
//
//	return rpc.Reply(ctx, &articlev1.Article{}, stored)
//
// The parts are copied before Reply returns, so they may be memory of a store's
// transaction. A later Reply replaces an earlier one; an error from the handler
// discards it. It fails outside a call of a Server.
func Reply[M any](ctx context.Context, m M, parts ...[]byte) (M, error) {
	c := callFrom(ctx)
	if c == nil {
		var none M
		return none, fault.Internal(nil, "rpc.Reply outside a unary call of rpc.Server")
	}
	c.setReply(&raw{data: copyParts(parts)})
	return m, nil
}

// ReplyFrom is Reply for an encoded message that is not in memory yet: fill
// asks room for a buffer of the message's size and writes all of it; what it
// wrote last counts. An error of fill is returned as it is.
func ReplyFrom[M any](ctx context.Context, m M, fill func(room func(size int) []byte) error) (M, error) {
	var none M
	c := callFrom(ctx)
	if c == nil {
		return none, fault.Internal(nil, "rpc.ReplyFrom outside a unary call of rpc.Server")
	}
	pool := mem.DefaultBufferPool()
	var data mem.BufferSlice
	err := fill(func(size int) []byte {
		buf := pool.Get(size)
		data.Free()
		data = mem.BufferSlice{mem.NewBuffer(buf, pool)}
		return *buf
	})
	if err != nil {
		data.Free()
		return none, err
	}
	c.setReply(&raw{data: data})
	return m, nil
}

// SendRaw sends the concatenation of parts, an encoded message, on a stream.
// The parts are copied before SendRaw returns.
func SendRaw(stream grpc.ServerStream, parts ...[]byte) error {
	return stream.SendMsg(&raw{data: copyParts(parts)})
}

// SendShared is SendRaw without the copy: nobody may ever change the parts, but
// any number of streams may send them. It returns when the stream has room,
// which may be long before the parts are on the wire.
func SendShared(stream grpc.ServerStream, parts ...[]byte) error {
	data := make(mem.BufferSlice, 0, len(parts))
	for _, part := range parts {
		data = append(data, mem.SliceBuffer(part))
	}
	return stream.SendMsg(&raw{data: data})
}

// copyParts makes one buffer of its own of the parts.
func copyParts(parts [][]byte) mem.BufferSlice {
	if len(parts) == 1 {
		return mem.BufferSlice{mem.Copy(parts[0], mem.DefaultBufferPool())}
	}
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	pool := mem.DefaultBufferPool()
	buf := pool.Get(size)
	at := 0
	for _, part := range parts {
		at += copy((*buf)[at:], part)
	}
	return mem.BufferSlice{mem.NewBuffer(buf, pool)}
}
