package reply

import (
	"context"
	"net/http"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/rpc"
)

// Outgoing returns a context for calls made on behalf of r and with ctx's
// life: it carries the caller's token, language, request id and If-Match, and
// no right of our own.
func Outgoing(ctx context.Context, r *http.Request) context.Context {
	pairs := []string{}
	for name, key := range Forwarded() {
		for _, value := range r.Header.Values(name) {
			if Printable(value) {
				pairs = append(pairs, key, value)
			}
		}
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}

// Forwarded returns the headers, in canonical form, that are passed on to the
// services, with the metadata key of each.
func Forwarded() map[string]string {
	return map[string]string{
		"Authorization":   rpc.HeaderAuthorization,
		"Accept-Language": rpc.HeaderLanguage,
		"If-Match":        rpc.HeaderIfMatch,
		RequestIDHeader:   rpc.HeaderRequestID,
	}
}

// Printable reports whether gRPC takes s as a metadata value.
func Printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Anonymous is Outgoing without the caller's token, for pages that show the
// same to everybody.
func Anonymous(ctx context.Context, r *http.Request) context.Context {
	pairs := []string{}
	if id := r.Header.Get(RequestIDHeader); id != "" && Printable(id) {
		pairs = append(pairs, rpc.HeaderRequestID, id)
	}
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}
