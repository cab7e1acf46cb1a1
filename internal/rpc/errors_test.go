package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestErrorsBecomeStatuses(t *testing.T) {
	const hidden = "/var/lib/secret: permission denied"
	tests := []struct {
		name   string
		err    error
		code   codes.Code
		reason faultv1.Reason
	}{
		{"typed", fault.NotFound(articleName), codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		{"typed and wrapped", fmt.Errorf("get: %w", fault.EtagRequired()), codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED},
		{"unknown", errors.New(hidden), codes.Internal, faultv1.Reason_REASON_INTERNAL},
		{"internal", fault.Internal(errors.New("x"), hidden), codes.Internal, faultv1.Reason_REASON_INTERNAL},
		{"deadline", fmt.Errorf("read: %w", context.DeadlineExceeded), codes.DeadlineExceeded, faultv1.Reason_REASON_DEADLINE_EXCEEDED},
		{"canceled", context.Canceled, codes.Canceled, faultv1.Reason_REASON_CANCELLED},
		{"not implemented", status.Error(codes.Unimplemented, hidden), codes.Unimplemented, faultv1.Reason_REASON_UNIMPLEMENTED},
		{"another service away", status.Error(codes.Unavailable, hidden), codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE},
		{"another service denies", status.Error(codes.PermissionDenied, hidden), codes.Internal, faultv1.Reason_REASON_INTERNAL},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			client := getter(t, func(context.Context) (*articlev1.Article, error) { return nil, test.err })
			_, err := get(t, client)
			e := testkit.WantFault(t, err, test.code, test.reason)
			if e.Message == "" || e.Message == hidden {
				t.Errorf("got message %q, want advice without inner facts", e.Message)
			}
		})
	}
}

func TestPanicIsInternal(t *testing.T) {
	client := getter(t, func(context.Context) (*articlev1.Article, error) { panic("secret") })
	_, err := get(t, client)
	testkit.WantFault(t, err, codes.Internal, faultv1.Reason_REASON_INTERNAL)
	_, err = get(t, client)
	testkit.WantFault(t, err, codes.Internal, faultv1.Reason_REASON_INTERNAL) // the server lives
}

func TestDetailsArrive(t *testing.T) {
	conflict := &faultv1.EditConflict{CurrentRevision: 7, CurrentEtag: "abc"}
	client := getter(t, func(context.Context) (*articlev1.Article, error) {
		return nil, fault.Conflict(articleName, conflict).RetryAfter(3 * time.Second)
	})
	_, err := get(t, client)
	e := testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	if e.Retry != 3*time.Second || e.Metadata["resource"] != articleName || len(e.Details) != 1 {
		t.Fatalf("got retry %v, metadata %v, details %v", e.Retry, e.Metadata, e.Details)
	}
	if diff := cmp.Diff(conflict, e.Details[0], protocmp.Transform()); diff != "" {
		t.Errorf("detail (-want +got):\n%s", diff)
	}
	for _, detail := range status.Convert(err).Details() {
		if info, isInfo := detail.(*errdetails.ErrorInfo); isInfo && info.GetDomain() != "skaitykla.dev" {
			t.Errorf("got domain %q", info.GetDomain())
		}
	}
}

func TestFieldsAreLocalized(t *testing.T) {
	kit := testkit.New(t)
	a := &articles{get: func(context.Context, *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return nil, fault.Join(
			fault.InvalidField("article.title", "give a title").With("rule", "string.min_len"),
			fault.Invalid("article.lead", faultv1.Reason_REASON_INVALID_TEXT, "remove control characters"))
	}}
	server := kit.Serve(rpc.Config{Messages: func(lang, key string, _ ...string) string {
		return map[string]string{
			"lt fault.rule.string.min_len": "Per trumpas", "lt fault.INVALID_TEXT": "Netinkami ženklai", "lt fault.INVALID_FIELD": "Netinka",
			"en fault.INVALID_FIELD": "Not valid", "en fault.INVALID_TEXT": "Unfit characters",
		}[lang+" "+key]
	}}, a.register)
	client := articlev1.NewArticleServiceClient(server.As("anonymous"))
	for _, test := range []struct {
		accept string
		want   []string // locale, both fields, the whole
	}{
		{"", []string{"lt", "Per trumpas", "Netinkami ženklai", "Netinka"}},
		{"de, en-GB;q=0.8, lt;q=0.1", []string{"en", "Not valid", "Unfit characters", "Not valid"}},
		{"en;q=0.1, lt", []string{"lt", "Per trumpas", "Netinkami ženklai", "Netinka"}},
		{"%%%", []string{"lt", "Per trumpas", "Netinkami ženklai", "Netinka"}},
	} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "accept-language", test.accept)
		_, err := client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName})
		e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
		if v := fault.Violations(&e); len(v) != 2 || v[1].Field != "article.lead" || v[1].Reason != faultv1.Reason_REASON_INVALID_TEXT {
			t.Errorf("%q: got violations %v", test.accept, v)
		}
		var got []string
		for _, detail := range status.Convert(err).Details() {
			switch d := detail.(type) {
			case *errdetails.BadRequest:
				got = append(got, d.GetFieldViolations()[0].GetLocalizedMessage().GetLocale())
				for _, v := range d.GetFieldViolations() {
					got = append(got, v.GetLocalizedMessage().GetMessage())
				}
			case *errdetails.LocalizedMessage:
				got = append(got, d.GetMessage())
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q: texts (-want +got):\n%s", test.accept, diff)
		}
	}
}
