package rpc

import (
	"bytes"

	"google.golang.org/grpc/encoding"
	_ "google.golang.org/grpc/encoding/proto" // registers the codec that serverCodec wraps
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// raw is a reply that is encoded already. Marshalling hands its buffer over to
// gRPC, which frees it, so each raw is sent once.
type raw struct{ data mem.BufferSlice }

// serverCodec is the protobuf codec with two differences. It writes a raw as it
// is. And it never fails to decode: gRPC would answer that by itself, without a
// reason and past the log, so a request that is too large or no message at all
// is handed on as a message that only says so; see unreadable.
type serverCodec struct {
	encoding.CodecV2
	maxRequest int
}

func newServerCodec(maxRequest int) serverCodec {
	return serverCodec{encoding.GetCodecV2("proto"), maxRequest}
}

// Marshal implements encoding.CodecV2.
func (c serverCodec) Marshal(v any) (mem.BufferSlice, error) {
	if r, ok := v.(*raw); ok {
		data := r.data
		r.data = nil
		return data, nil
	}
	return c.CodecV2.Marshal(v)
}

// Unmarshal implements encoding.CodecV2.
func (c serverCodec) Unmarshal(data mem.BufferSlice, v any) error {
	m, ok := v.(proto.Message)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	mark := markTooLarge
	if data.Len() <= c.maxRequest {
		if err := c.CodecV2.Unmarshal(data, v); err == nil {
			return nil
		}
		mark = markMalformed
	}
	proto.Reset(m)
	m.ProtoReflect().SetUnknown(marked(mark))
	return nil
}

// The marks of unreadable requests, in a field that no message of ours has. A
// caller who sends one gets the same answer.
const (
	markField     = protowire.MaxValidNumber
	markMalformed = "malformed"
	markTooLarge  = "too large"
)

func marked(mark string) []byte {
	return protowire.AppendString(protowire.AppendTag(nil, markField, protowire.BytesType), mark)
}

// unreadable returns the error for a request that could not be decoded; nil
// for every other one.
func unreadable(m proto.Message) error {
	unknown := m.ProtoReflect().GetUnknown()
	switch {
	case len(unknown) == 0:
		return nil
	case bytes.Equal(unknown, marked(markMalformed)):
		return fault.New(faultv1.Reason_REASON_INVALID_FIELD,
			"the request is not a protobuf message of this method; generate the client from the current protos")
	case bytes.Equal(unknown, marked(markTooLarge)):
		return fault.New(faultv1.Reason_REASON_TOO_LARGE,
			"the request is larger than this server takes; send less at once")
	}
	return nil
}
