package e2e_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/e2e"
	"github.com/skaitykla/skaitykla/internal/minio"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// BenchmarkReady measures how long the suite takes on a store with articles
// until everything answers, beside the start of the MinIO server alone.
func BenchmarkReady(b *testing.B) {
	data := b.TempDir()
	suite := e2e.Start(b, program, data)
	fill(b, suite)
	suite.Stop(b)
	var whole, bare time.Duration
	for b.Loop() {
		began := time.Now()
		again := e2e.Start(b, program, data)
		whole += time.Since(began)
		again.Stop(b)
		bare += startMinIO(b)
	}
	n := float64(b.N)
	b.ReportMetric(whole.Seconds()/n, "s/ready")
	b.ReportMetric(bare.Seconds()/n, "s/minio-alone")
	b.ReportMetric((whole-bare).Seconds()/n, "s/beside-minio")
	b.ReportMetric(0, "ns/op")
}

// fill makes published articles.
func fill(b *testing.B, suite *e2e.Suite) {
	b.Helper()
	const articles = 500
	createSite(b, suite)
	token, exit := tokenFor(b, suite, "bench@example.lt", "editor")
	if exit != 0 {
		b.Fatal(token)
	}
	ctx := metadata.AppendToOutgoingContext(b.Context(), "authorization", "Bearer "+token)
	client := articlev1.NewArticleServiceClient(dial(b, suite.Article))
	for i := range articles {
		article, err := client.CreateArticle(ctx, &articlev1.CreateArticleRequest{
			Parent: "sites/kaunas", ArticleId: fmt.Sprintf("naujiena-%d", i),
			Article: &articlev1.Article{Title: fmt.Sprintf("Naujiena numeris %d", i), Lead: &articlev1.RichText{
				Spans: []*articlev1.Span{{Text: "Trumpas tekstas apie tai, kas naujo bibliotekoje."}},
			}},
		})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := client.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: article.GetName(), Etag: article.GetEtag()}); err != nil {
			b.Fatal(err)
		}
	}
}

// startMinIO starts and stops the server alone, on a drive that was used
// before, and returns how long the start took.
func startMinIO(b *testing.B) time.Duration {
	b.Helper()
	binary, err := minio.Finder{ModuleDir: minio.ModuleDir(".")}.Find(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	options := minio.Options{Binary: binary, Dir: b.TempDir(), Log: slog.New(slog.DiscardHandler)}
	first, err := minio.Start(b.Context(), options)
	if err != nil {
		b.Fatal(err)
	}
	first.Stop(b.Context())
	began := time.Now()
	server, err := minio.Start(b.Context(), options)
	if err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	server.Stop(b.Context())
	return took
}
