package rpc_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// sample is an article of about the size of the first real page.
func sample(title string) *articlev1.Article {
	return &articlev1.Article{Name: articleName, Title: title, Slug: strings.Repeat("x", 4000)}
}

func encoded(tb testing.TB, m proto.Message) []byte {
	tb.Helper()
	b, err := proto.Marshal(m)
	ok(tb, err)
	return b
}

func get(tb testing.TB, c articlev1.ArticleServiceClient) (*articlev1.Article, error) {
	tb.Helper()
	return c.GetArticle(tb.Context(), &articlev1.GetArticleRequest{Name: articleName})
}

func TestReplyPassesStoredBytes(t *testing.T) {
	want := sample("Stažuotė Danijoje")
	client := getter(t, func(ctx context.Context) (*articlev1.Article, error) {
		stored := encoded(t, want)
		reply, err := rpc.Reply(ctx, &articlev1.Article{}, stored)
		clear(stored) // the transaction's memory goes away after the handler
		return reply, err
	})
	for range 3 {
		got, err := get(t, client)
		ok(t, err)
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Fatalf("article (-want +got):\n%s", diff)
		}
	}
}

func TestReplyJoinsParts(t *testing.T) {
	client := getter(t, func(ctx context.Context) (*articlev1.Article, error) {
		return rpc.Reply(ctx, &articlev1.Article{},
			encoded(t, &articlev1.Article{Name: articleName}), encoded(t, &articlev1.Article{Title: "Knygų mugė"}))
	})
	got, err := get(t, client)
	ok(t, err)
	want := &articlev1.Article{Name: articleName, Title: "Knygų mugė"}
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("article (-want +got):\n%s", diff)
	}
}

func TestReplyReplacesAndIsDiscarded(t *testing.T) {
	fail := false
	client := getter(t, func(ctx context.Context) (*articlev1.Article, error) {
		for _, title := range []string{"first run of the closure", "second run"} {
			if _, err := rpc.Reply(ctx, &articlev1.Article{}, encoded(t, sample(title))); err != nil {
				return nil, err
			}
		}
		if fail {
			return &articlev1.Article{}, fault.NotFound(articleName)
		}
		return &articlev1.Article{}, nil
	})
	got, err := get(t, client)
	ok(t, err)
	if got.GetTitle() != "second run" {
		t.Errorf("got %q, want the reply that came last", got.GetTitle())
	}
	fail = true
	_, err = get(t, client)
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// A transaction that runs again asks for room again: what was copied last counts.
func TestReplyFrom(t *testing.T) {
	want := sample("Stažuotė Danijoje")
	var fail error
	client := getter(t, func(ctx context.Context) (*articlev1.Article, error) {
		return rpc.ReplyFrom(ctx, &articlev1.Article{}, func(room func(int) []byte) error {
			for _, stored := range [][]byte{encoded(t, sample("first run")), encoded(t, want)} {
				copy(room(len(stored)), stored)
			}
			return fail
		})
	})
	for range 3 {
		got, err := get(t, client)
		ok(t, err)
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Fatalf("article (-want +got):\n%s", diff)
		}
	}
	fail = fault.NotFound(articleName)
	_, err := get(t, client)
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestReplyOutsideACall(t *testing.T) {
	if m, err := rpc.Reply(t.Context(), &articlev1.Article{}, nil); err == nil || m != nil {
		t.Errorf("got %v, %v; want an error alone", m, err)
	}
	fill := func(func(int) []byte) error { t.Error("asked to fill a reply to nobody"); return nil }
	if m, err := rpc.ReplyFrom(t.Context(), &articlev1.Article{}, fill); err == nil || m != nil {
		t.Errorf("got %v, %v; want an error alone", m, err)
	}
}

// Each reply has a buffer of its own: concurrent calls do not see each
// other's bytes, and gRPC may free each.
func TestRepliesDoNotShareBuffers(t *testing.T) {
	a := &articles{get: func(ctx context.Context, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return rpc.Reply(ctx, &articlev1.Article{}, encoded(t, &articlev1.Article{
			Name: req.GetName(), Slug: strings.Repeat(req.GetName()[len(req.GetName())-1:], 5000),
		}))
	}}
	client := articlev1.NewArticleServiceClient(testkit.Start(t, a.register).As("anonymous"))
	errs := make(chan error, 8)
	for i := range 8 {
		go func() {
			name := articleName + string(rune('a'+i))
			for range 50 {
				got, err := client.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: name})
				if err == nil && (got.GetName() != name || strings.Count(got.GetSlug(), name[len(name)-1:]) != 5000) {
					err = errors.New("got the bytes of another reply for " + name)
				}
				if err != nil {
					errs <- err
					return
				}
			}
			errs <- nil
		}()
	}
	for range 8 {
		ok(t, <-errs)
	}
}

func TestSendRaw(t *testing.T) {
	a := &articles{watch: func(_ *articlev1.WatchArticlesRequest, s grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
		for i := range 3 {
			buf := encoded(t, &articlev1.WatchArticlesResponse{ResumeToken: strings.Repeat("x", 2000*i+1)})
			if err := rpc.SendRaw(s, buf); err != nil {
				return err
			}
			clear(buf)
		}
		return nil
	}}
	client := articlev1.NewArticleServiceClient(testkit.Start(t, a.register).As("anonymous"))
	stream, err := client.WatchArticles(t.Context(), &articlev1.WatchArticlesRequest{Parent: testkit.Site})
	ok(t, err)
	for i := range 3 {
		got, err := stream.Recv()
		ok(t, err)
		if want := bytes.Repeat([]byte("x"), 2000*i+1); got.GetResumeToken() != string(want) {
			t.Errorf("message %d: got %d bytes, want %d", i, len(got.GetResumeToken()), len(want))
		}
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want the end", err)
	}
}
