package server_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// long returns an article of about 9.5 KB of text, with a cover and three
// photos, as a newsroom writes it.
func long() *articlev1.Article {
	a := sharingtest.Article()
	for i := range 24 {
		a.Blocks = append(a.Blocks, &articlev1.Block{
			Id: fmt.Sprintf("b%d", i),
			Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{Text: &articlev1.RichText{
				Spans: []*articlev1.Span{{Text: strings.Repeat("Bibliotekoje visada yra ką veikti. ", 11)}},
			}}},
		})
	}
	return a
}

// cached returns a server that has read the article, and follows a feed in which
// nothing happens.
func cached(b *testing.B) *server.Server {
	b.Helper()
	c := startCounting(b, testkit.Quiet(b))
	article := long()
	name := published.Name{Site: "biblioteka", ID: "stazuote"}
	_, err := c.store.Learn(b.Context(), c.follow, store.Event{Name: name, Article: article}, time.Now())
	must(b, err)
	upstream := testkit.Quiet(b).Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, sharingtest.NewArticleService(sharingtest.Site(), article))
	})
	cache, err := articles.NewCache(0)
	must(b, err)
	cache.Connected()
	stop := make(chan struct{})
	go func() {
		for {
			cache.Heard()
			cache.Sites([]*articlev1.Site{sharingtest.Site()})
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Second):
			}
		}
	}()
	b.Cleanup(func() { close(stop) })
	reader := articles.Reader{
		Client: articlev1.NewArticleServiceClient(upstream.As(auth.Anonymous)), Timeout: time.Second, Cache: cache,
	}
	_, err = reader.Article(b.Context(), sharingtest.ArticleName)
	must(b, err)
	cards, err := socialcards.NewCache(oneCard{published.Image{
		URI: "https://naujienos.biblioteka.lt/media/k.jpg", MIMEType: "image/jpeg", Width: 1200, Height: 630, Alt: "Kortelė",
	}})
	must(b, err)
	return server.New(server.Config{Reader: reader, Cards: cards, Store: c.store, ShortLinks: c.store})
}

// BenchmarkCached measures the processor time of a call, of the whole process,
// when the article is cached: cpu-us/op. The baseline is encoding the answer as
// gRPC does, which no server can do without; ratio is to that.
//
// What is made of the article is made in each call; kept calls find it made.
func BenchmarkCached(b *testing.B) {
	made := cached(b)
	tools, err := server.OpenTools()
	must(b, err)
	config := made.Config
	config.Tools = tools
	b.Run("made", func(b *testing.B) { benchmarkCached(b, made) })
	b.Run("kept", func(b *testing.B) { benchmarkCached(b, server.New(config)) })
}

func benchmarkCached(b *testing.B, s *server.Server) {
	b.Helper()
	for _, method := range []struct {
		name string
		call func(context.Context) (proto.Message, error)
	}{
		{"ComposeShareSheet", func(ctx context.Context) (proto.Message, error) {
			return s.ComposeShareSheet(ctx, &sharingv1.ComposeShareSheetRequest{Article: sharingtest.ArticleName})
		}},
		{"RenderPreview", func(ctx context.Context) (proto.Message, error) {
			return s.RenderPreview(ctx, &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName})
		}},
	} {
		b.Run(method.name, func(b *testing.B) {
			answer, err := method.call(b.Context())
			must(b, err)
			const baseline = 2000
			began := cpu()
			for range baseline {
				_, err := proto.Marshal(answer)
				must(b, err)
			}
			bare := float64(cpu()-began) / baseline
			began = cpu()
			for b.Loop() {
				_, err := method.call(b.Context())
				must(b, err)
			}
			each := float64(cpu()-began) / float64(b.N)
			b.ReportMetric(each/1e3, "cpu-us/op")
			b.ReportMetric(each/bare, "ratio")
			b.ReportMetric(float64(proto.Size(answer)), "answer-bytes")
		})
	}
}

// cpu returns the processor time that this process has used, in nanoseconds.
func cpu() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}
