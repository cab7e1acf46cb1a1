// Package page makes the opaque tokens that lists and watches hand out and take
// back: page tokens, resume tokens and preview tokens.
//
// A token is a position sealed with XChaCha20-Poly1305, so callers can neither
// read nor change it, and bound to a [Binding], so a token of one query does
// not work for another one. Tokens carry a version: a token of an older
// release fails as invalid, never as something else. The package does not keep
// state, and a sealed token does not expire; who needs that puts a time into
// the position.
package page

import (
	"crypto/sha256"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// Size returns the number of items to put on a page: standard when requested
// is zero, and never more than limit. A negative request fails with
// INVALID_FIELD on page_size.
func Size(requested int32, standard, limit int) (int, error) {
	switch {
	case requested < 0:
		return 0, fault.InvalidField("page_size",
			"%d is negative; send 0 for the default or a positive number", requested)
	case requested == 0:
		return min(standard, limit), nil
	}
	return min(int(requested), limit), nil
}

// Query returns a checksum of everything in a list or watch request that
// decides which items it names: all but page_size, page_token, resume_token,
// skip and request_id. The request is not changed.
func Query(request proto.Message) []byte {
	bare := proto.Clone(request).ProtoReflect()
	fields := bare.Descriptor().Fields()
	for _, name := range []protoreflect.Name{"page_size", "page_token", "resume_token", "skip", "request_id"} {
		if field := fields.ByName(name); field != nil {
			bare.Clear(field)
		}
	}
	// Deterministic within a build only: after an upgrade some tokens may be
	// refused, and the caller starts the list again.
	encoded, err := proto.MarshalOptions{Deterministic: true, AllowPartial: true}.Marshal(bare.Interface())
	if err != nil {
		return nil // invalid UTF-8, which no request that was decoded has
	}
	sum := sha256.Sum256(encoded)
	return sum[:]
}
