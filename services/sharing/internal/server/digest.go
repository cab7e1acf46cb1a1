package server

import (
	"crypto/sha256"

	"google.golang.org/protobuf/proto"
)

// digest stands for all that a request asks, but for its request_id, together
// with what was asked beside it.
func digest(req proto.Message, beside ...string) [sha256.Size]byte {
	bare := proto.Clone(req)
	if field := bare.ProtoReflect().Descriptor().Fields().ByName("request_id"); field != nil {
		bare.ProtoReflect().Clear(field)
	}
	h := sha256.New()
	// Deterministic within a build only: a retry across an upgrade may get
	// REQUEST_ID_REUSED, never another effect.
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(bare)
	if err != nil {
		encoded = nil // invalid UTF-8, which no request that was decoded has
	}
	h.Write(encoded)
	for _, text := range beside {
		h.Write([]byte{0})
		h.Write([]byte(text))
	}
	return [sha256.Size]byte(h.Sum(nil))
}
