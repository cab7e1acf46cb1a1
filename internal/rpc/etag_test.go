package rpc_test

import (
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestEtag(t *testing.T) {
	required, invalid := faultv1.Reason_REASON_ETAG_REQUIRED, faultv1.Reason_REASON_INVALID_FIELD
	tests := []struct {
		name, body string
		header     []string
		want       string
		reason     faultv1.Reason
	}{
		{"body", "abc", nil, "abc", 0},
		{"quoted body", `"abc"`, nil, "abc", 0},
		{"header", "", []string{`"abc"`}, "abc", 0},
		{"weak header", "", []string{` W/"abc" `}, "abc", 0},
		{"bare header", "", []string{"abc"}, "abc", 0},
		{"both alike", "abc", []string{`"abc"`}, "abc", 0},
		{"both different", "abc", []string{`"abd"`}, "", invalid},
		{"neither", "", nil, "", required},
		{"empty header", "", []string{`""`}, "", required},
		{"any", "", []string{"*"}, "", required},
		{"list", "", []string{`"a", "b"`}, "", invalid},
		{"two headers", "", []string{`"a"`, `"b"`}, "", invalid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := metadata.NewIncomingContext(t.Context(), metadata.MD{"if-match": test.header})
			got, err := rpc.Etag(ctx, test.body)
			if got != test.want || fault.ReasonOf(err) != test.reason {
				t.Errorf("got %q, %v; want %q, %v", got, err, test.want, test.reason)
			}
		})
	}
}
