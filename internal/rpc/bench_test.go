package rpc_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// bigArticle is 9.5 KB in 20 blocks.
func bigArticle(b *testing.B) []byte {
	b.Helper()
	text := strings.Repeat("Bibliotekininkės grįžo iš stažuotės. ", 12)
	a := &articlev1.Article{Name: articleName, Title: "Stažuotė Danijoje"}
	for range 20 {
		a.Blocks = append(a.Blocks, &articlev1.Block{Id: "b1234567", Content: &articlev1.Block_Paragraph{
			Paragraph: &articlev1.Paragraph{Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}},
		}})
	}
	return encoded(b, a)
}

// Both calls begin with the stored bytes. The client throws the reply away, so
// that the difference is the server's.
func BenchmarkReply(b *testing.B) {
	stored := bigArticle(b)
	for name, handler := range map[string]func(context.Context) (*articlev1.Article, error){
		"raw": func(ctx context.Context) (*articlev1.Article, error) {
			return rpc.Reply(ctx, &articlev1.Article{}, stored)
		},
		"decoded": func(context.Context) (*articlev1.Article, error) {
			var m articlev1.Article
			return &m, proto.Unmarshal(stored, &m)
		},
	} {
		b.Run(name, func(b *testing.B) {
			a := &articles{get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
				return handler(ctx)
			}}
			conn := testkit.Quiet(b).Serve(rpc.Config{}, a.register).As("anonymous")
			req := &articlev1.GetArticleRequest{Name: articleName}
			b.SetBytes(int64(len(stored)))
			for b.Loop() {
				var ignored ignoredReply
				ok(b, conn.Invoke(b.Context(), articlev1.ArticleService_GetArticle_FullMethodName, req, &ignored, ignoreReplies))
			}
		})
	}
}
