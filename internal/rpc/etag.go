package rpc

import (
	"context"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// Etag returns the etag that a change was sent with: fromBody, or else the
// if-match metadata without its quotes and weakness mark. It fails with
// ETAG_REQUIRED when neither is there or if-match is "*", and with
// INVALID_FIELD when they differ or if-match lists several. Whether a conflict
// answers HTTP 412 or 409 is decided at the gateway, which saw the header.
func Etag(ctx context.Context, fromBody string) (string, error) {
	fromBody = bareEtag(fromBody)
	header := ""
	if values := metadata.ValueFromIncomingContext(ctx, HeaderIfMatch); len(values) > 0 {
		if len(values) > 1 || strings.Contains(values[0], ",") {
			return "", fault.InvalidField("if-match", "send one etag, not several")
		}
		header = bareEtag(values[0])
	}
	switch {
	case header == "*", header == "" && fromBody == "":
		return "", fault.EtagRequired()
	case header == "":
		return fromBody, nil
	case fromBody != "" && fromBody != header:
		return "", fault.InvalidField("etag", "the body and If-Match name different etags; send one of them")
	}
	return header, nil
}

func bareEtag(etag string) string {
	etag = strings.TrimPrefix(strings.TrimSpace(etag), "W/")
	return strings.TrimSuffix(strings.TrimPrefix(etag, `"`), `"`)
}
