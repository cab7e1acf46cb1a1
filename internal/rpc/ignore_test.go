package rpc_test

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// ignoredReply is a reply that the client does not decode.
type ignoredReply struct{ size int }

// ignoring is the protobuf codec, except that it drops an ignoredReply.
type ignoring struct{ encoding.CodecV2 }

var ignoreReplies = grpc.ForceCodecV2(ignoring{encoding.GetCodecV2("proto")})

// Unmarshal implements encoding.CodecV2.
func (c ignoring) Unmarshal(data mem.BufferSlice, v any) error {
	if r, ok := v.(*ignoredReply); ok {
		r.size = data.Len()
		return nil
	}
	return c.CodecV2.Unmarshal(data, v)
}
