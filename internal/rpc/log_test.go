package rpc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// lines collects log lines.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// take returns the lines so far, without time and duration, and forgets them.
func (l *lines) take(t *testing.T) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []map[string]any
	for line := range strings.Lines(l.text.String()) {
		var entry map[string]any
		ok(t, json.Unmarshal([]byte(line), &entry))
		if d, isNumber := entry["duration"].(float64); !isNumber || d < 0 {
			t.Errorf("line without duration: %s", line)
		}
		delete(entry, "time")
		delete(entry, "duration")
		found = append(found, entry)
	}
	l.text.Reset()
	return found
}

func TestOneLineForEachCall(t *testing.T) {
	var out lines
	var fail error
	a := &articles{get: func(context.Context, *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return &articlev1.Article{}, fail
	}}
	server := testkit.New(t).Serve(rpc.Config{Log: slog.New(slog.NewJSONHandler(&out, nil))}, a.register)
	client := articlev1.NewArticleServiceClient(server.As(auth.Author))
	line := func(more map[string]any) map[string]any {
		l := map[string]any{
			"level": "INFO", "msg": "call", "code": "OK", "principal": "author@example.lt",
			"method": "/skaitykla.article.v1.ArticleService/GetArticle", "request_id": "r-1",
		}
		maps.Copy(l, more)
		return l
	}
	for _, test := range []struct {
		err  error
		want map[string]any
	}{
		{nil, line(nil)},
		{fault.NotFound("x"), line(map[string]any{"code": "NotFound", "reason": "RESOURCE_NOT_FOUND"})},
		{errors.New("disk on fire"), line(map[string]any{
			"code": "Internal", "reason": "INTERNAL", "level": "ERROR", "error": "disk on fire",
		})},
	} {
		fail = test.err
		var header metadata.MD
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "r-1")
		_, err := client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName}, grpc.Header(&header))
		if (err == nil) != (test.err == nil) {
			t.Fatalf("got error %v, want one for %v", err, test.err)
		}
		if got := header.Get("x-request-id"); test.err == nil && (len(got) != 1 || got[0] != "r-1") {
			t.Errorf("got request id %v back", got)
		}
		if diff := cmp.Diff([]map[string]any{test.want}, out.take(t)); diff != "" {
			t.Errorf("%v: log (-want +got):\n%s", test.err, diff)
		}
	}
}

func TestRequestIDsOfCallersMustBeHarmless(t *testing.T) {
	client := getter(t, func(ctx context.Context) (*articlev1.Article, error) {
		return &articlev1.Article{Title: rpc.RequestID(ctx)}, nil
	})
	for id, taken := range map[string]bool{
		"7e3f-AB_9.1:x/2": true, "": false, "two words": false, `"quoted"`: false, strings.Repeat("a", 129): false,
	} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", id)
		got, err := client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName})
		ok(t, err)
		if (got.GetTitle() == id) != taken || got.GetTitle() == "" {
			t.Errorf("%q: the call is named %q", id, got.GetTitle())
		}
	}
}

// A caller who sends no request id gets it where it matters: in errors.
func TestRequestIDGoesToWhoWantsIt(t *testing.T) {
	var fail error
	client := getter(t, func(context.Context) (*articlev1.Article, error) { return &articlev1.Article{}, fail })
	call := func(ctx context.Context) (header []string, err error) {
		var md metadata.MD
		_, err = client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName}, grpc.Header(&md))
		return md.Get("x-request-id"), err
	}
	header, err := call(t.Context())
	ok(t, err)
	if len(header) > 0 {
		t.Errorf("got the header %q unasked", header)
	}
	header, err = call(metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "not harmless"))
	ok(t, err)
	if len(header) != 1 || header[0] == "not harmless" {
		t.Errorf("got %q, want the id that stands for one that was refused", header)
	}
	fail = fault.NotFound(articleName)
	_, err = call(t.Context())
	for _, detail := range status.Convert(err).Details() {
		if info, found := detail.(*errdetails.RequestInfo); found && info.GetRequestId() != "" {
			return
		}
	}
	t.Errorf("%v carries no request id", err)
}
