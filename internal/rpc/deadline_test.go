package rpc_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestDeadlines(t *testing.T) {
	tests := []struct {
		name   string
		given  time.Duration // 0 for none
		left   time.Duration // what the handler has; 0 for refused
		stream bool
	}{
		{"unary", time.Second, time.Second - 20*time.Millisecond, false},
		{"unary without", 0, rpc.DefaultTimeout, false},
		{"stream", time.Second, time.Second - 20*time.Millisecond, true},
		{"too short", 15 * time.Millisecond, 0, false},
		{"too short for a stream", 15 * time.Millisecond, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var left time.Duration
				note := func(ctx context.Context) {
					deadline, _ := ctx.Deadline()
					left = time.Until(deadline)
				}
				a := &articles{
					get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
						note(ctx)
						return &articlev1.Article{}, nil
					},
					watch: func(_ *articlev1.WatchArticlesRequest, s grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
						note(s.Context())
						return s.Send(&articlev1.WatchArticlesResponse{})
					},
				}
				client := articlev1.NewArticleServiceClient(testkit.Start(t, a.register).As("anonymous"))
				err := callWithin(t, client, test.given, test.stream)
				if test.left == 0 {
					testkit.WantFault(t, err, codes.DeadlineExceeded, faultv1.Reason_REASON_DEADLINE_EXCEEDED)
				} else {
					ok(t, err)
				}
				if left != test.left {
					t.Errorf("the handler had %v, want %v", left, test.left)
				}
			})
		})
	}
}

// callWithin makes one call with the deadline.
func callWithin(t *testing.T, client articlev1.ArticleServiceClient, within time.Duration, streams bool) error {
	t.Helper()
	ctx := t.Context()
	if within > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, within)
		defer cancel()
	}
	if !streams {
		_, err := client.GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName})
		return err
	}
	stream, err := client.WatchArticles(ctx, &articlev1.WatchArticlesRequest{Parent: testkit.Site})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}

// The handler's deadline runs out first, so its typed error still arrives.
func TestHandlerOutOfTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := getter(t, func(ctx context.Context) (*articlev1.Article, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		err := callWithin(t, client, time.Second, false)
		e := testkit.WantFault(t, err, codes.DeadlineExceeded, faultv1.Reason_REASON_DEADLINE_EXCEEDED)
		if e.Message != "the call did not end within the caller's deadline; allow more time" {
			t.Errorf("got %q, want the server's own words", e.Message)
		}
	})
}
