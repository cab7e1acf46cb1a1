package cli

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/rpc"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// refuser is a sharing service to which an article is not public.
type refuser struct {
	sharingv1.SharingServiceClient
	reason string
}

func (r refuser) refusal(t interface{ GetArticle() string }) error {
	s, err := status.New(codes.NotFound, t.GetArticle()+" cannot be seen").WithDetails(&errdetails.ErrorInfo{Reason: r.reason, Domain: rpc.Domain})
	if err != nil {
		return err
	}
	return s.Err()
}

func (r refuser) ComposeShareSheet(_ context.Context, req *sharingv1.ComposeShareSheetRequest, _ ...grpc.CallOption) (*sharingv1.ComposeShareSheetResponse, error) {
	return nil, r.refusal(req)
}

func (r refuser) RenderPrintSheet(_ context.Context, req *sharingv1.RenderPrintSheetRequest, _ ...grpc.CallOption) (*sharingv1.RenderPrintSheetResponse, error) {
	return nil, r.refusal(req)
}

// TestUnseen tells whoever draws the code of a draft what they can do.
func TestUnseen(t *testing.T) {
	for reason, want := range map[string]string{
		"RESOURCE_NOT_FOUND":  "muge is not published, or there is none: `skaitykla article publish muge` publishes it, `skaitykla preview check muge` shows how it will look before",
		"RESOURCE_GONE":       "muge was withdrawn: `skaitykla article publish muge` publishes it, `skaitykla preview check muge` shows how it will look before",
		"SERVICE_UNAVAILABLE": "sites/b/articles/muge cannot be seen",
	} {
		for _, file := range []string{"a.svg", "a.html"} {
			kit := printKit{out: file, level: "m"}
			_, _, err := kit.make(t.Context(), refuser{reason: reason}, "sites/b", "sites/b/articles/muge")
			if err == nil || !strings.HasSuffix(failure(err), want) {
				t.Errorf("%s, %s: got %v, want %q", reason, file, err, want)
			}
		}
	}
	if err := unseen(nil, "muge"); err != nil {
		t.Errorf("no error became %v", err)
	}
}
