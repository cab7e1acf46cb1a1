package reply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestError(t *testing.T) {
	unknown := &anypb.Any{TypeUrl: "type.googleapis.com/skaitykla.future.v1.Thing"}
	info, err := anypb.New(&errdetails.ErrorInfo{Reason: "EDIT_CONFLICT", Domain: "skaitykla.dev"})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name    string
		err     error
		ifMatch bool
		code    int
		reason  string
		message string
		retry   string
	}{
		{"a fault", fault.InvalidField("title", "too long"), false, 400, "INVALID_FIELD", "title: too long", ""},
		{
			"wrapped", fmt.Errorf("secret: %w", fault.EtagRequired()), false, 428, "ETAG_REQUIRED",
			"read the resource and send its etag, in the body or as If-Match", "",
		},
		{
			"with a cause", fault.NotFound("x").Caused(errors.New("secret")), false, 404, "RESOURCE_NOT_FOUND",
			"x was not found; check the name", "",
		},
		{
			"a limit with its time", fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS, "later").RetryAfter(1500 * time.Millisecond),
			false, 429, "TOO_MANY_UPLOADS", "later", "2",
		},
		{
			"a defect", errors.New("secret"), false, 500, "INTERNAL",
			"something went wrong here, not in your request; tell the operator the request id", "",
		},
		{
			"a lost connection", status.Error(codes.Unavailable, "dial tcp 10.0.0.1:7001"), false, 503, "SERVICE_UNAVAILABLE",
			"another part of the suite cannot be reached; try again", "1",
		},
		{
			"out of time", context.DeadlineExceeded, false, 504, "DEADLINE_EXCEEDED",
			"the call did not end within the caller's deadline; allow more time", "",
		},
		{"the client left", context.Canceled, false, 499, "CANCELLED", "the call was canceled by the caller", ""},
		{
			"a conflict with a detail of a newer version",
			status.FromProto(&statuspb.Status{Code: 10, Message: "conflict", Details: []*anypb.Any{unknown, info}}).Err(),
			true, 412, "EDIT_CONFLICT", "conflict", "",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			if c.ifMatch {
				r.Header.Set("If-Match", `"x"`)
			}
			w := httptest.NewRecorder()
			w.Header().Set("ETag", `"of a success"`)
			Error(w, r, c.err)
			var body struct {
				Message string
				Details []struct{ Reason string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
				t.Fatalf("%s: %v", w.Body, err)
			}
			if w.Code != c.code || body.Message != c.message || body.Details[0].Reason != c.reason {
				t.Errorf("%d %s, want %d %s %q", w.Code, w.Body, c.code, c.reason, c.message)
			}
			if got := w.Header().Get("Retry-After"); got != c.retry {
				t.Errorf("Retry-After %q, want %q", got, c.retry)
			}
			if w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("an error that can be kept: %v", w.Header())
			}
		})
	}
}

func TestMatches(t *testing.T) {
	for header, want := range map[string]bool{
		`"a"`: true, `W/"a"`: true, `"b", "a"`: true, `*`: true, `"b"`: false, `a`: false, ``: false, `"a`: false,
	} {
		if got := Matches(header, "a"); got != want {
			t.Errorf("Matches(%q) = %v", header, got)
		}
	}
}
