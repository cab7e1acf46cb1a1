package rpc_test

import (
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// A stream that is open when its token ceases to be good ends soon after,
// whether its handler is waiting or sending.
func TestStreamsEndWithTheirToken(t *testing.T) {
	for _, sends := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			a := &articles{watch: func(_ *articlev1.WatchArticlesRequest, s grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
				for {
					select {
					case <-s.Context().Done():
						if !sends {
							return s.Context().Err()
						}
					case <-time.After(time.Minute):
					}
					if err := s.Send(&articlev1.WatchArticlesResponse{}); err != nil {
						return err
					}
				}
			}}
			server := testkit.Start(t, a.register)
			for role, expires := range map[auth.Role]bool{auth.Author: true, auth.Anonymous: false} {
				client := articlev1.NewArticleServiceClient(server.As(role))
				stream, err := client.WatchArticles(t.Context(), &articlev1.WatchArticlesRequest{Parent: testkit.Site})
				ok(t, err)
				opened := time.Now()
				for err == nil && time.Since(opened) < 2*time.Hour {
					_, err = stream.Recv()
				}
				if !expires {
					ok(t, err)
					continue
				}
				testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_EXPIRED)
				if lived := time.Since(opened); lived > time.Hour+auth.MaxPropagation {
					t.Errorf("the stream of a token for an hour lived for %v", lived)
				}
			}
		})
	}
}
