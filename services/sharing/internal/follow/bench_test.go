package follow_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/follow"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// archive is a feed of so many articles that holds none of them.
type archive struct {
	articlev1.UnimplementedArticleServiceServer

	articles int
}

func (a archive) WatchArticles(req *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	for i := range a.articles {
		event := &articlev1.WatchArticlesResponse{Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT, Article: numbered(i)}
		event.Name = event.GetArticle().GetName()
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	if err := stream.Send(&articlev1.WatchArticlesResponse{
		Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, ResumeToken: "end",
	}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

// ListSites has none.
func (archive) ListSites(context.Context, *articlev1.ListSitesRequest) (*articlev1.ListSitesResponse, error) {
	return &articlev1.ListSitesResponse{}, nil
}

// numbered returns an article of an archive, an hour older than the one before.
func numbered(i int) *articlev1.Article {
	a := sharingtest.Article()
	a.Name, a.Uid, a.Path = fmt.Sprintf("%s/articles/straipsnis-%06d", sharingtest.SiteName, i), fmt.Sprintf("uid-%d", i), fmt.Sprintf("/straipsnis-%d", i)
	at := timestamppb.New(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(i) * time.Hour))
	a.PublishTime, a.FirstPublicTime, a.UpdateTime, a.PublishedRevision = at, at, at, 1
	a.Tags = []string{"Naujienos", fmt.Sprintf("Metai %d", at.AsTime().Year())}
	return a
}

// BenchmarkSnapshot measures the first start on an archive: how long an article
// takes, what is on the heap at most while it goes on, and then, with all rows
// there, a second snapshot in which nothing is new, and pages of a sitemap.
func BenchmarkSnapshot(b *testing.B) {
	for _, size := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("articles=%d", size), func(b *testing.B) {
			server := testkit.Quiet(b).Serve(rpc.Config{}, func(r grpc.ServiceRegistrar) {
				articlev1.RegisterArticleServiceServer(r, archive{articles: size})
			})
			client := articlev1.NewArticleServiceClient(server.As(auth.Anonymous))
			for range b.N {
				records, err := boltkv.Open(filepath.Join(b.TempDir(), "sharing.db"), kv.Options{Format: store.Format()})
				must(b, err)
				rows := store.New(records)
				first, peak := snapshot(b, client, rows)
				b.ReportMetric(float64(first.Microseconds())/float64(size), "first-us/article")
				b.ReportMetric(float64(peak)/(1<<20), "heap-MB")
				must(b, rows.Follow(b.Context(), "nobody", time.Now()))
				must(b, rows.SetToken(b.Context(), store.Following{Holder: "nobody"}, time.Now()))
				again, _ := snapshot(b, client, rows)
				b.ReportMetric(float64(again.Microseconds())/float64(size), "again-us/article")
				walked := walk(b, rows, size)
				b.ReportMetric(float64(walked.Nanoseconds())/1e3/float64(size), "list-cpu-us/article")
				must(b, records.Close())
			}
		})
	}
}

// snapshot follows until a snapshot is complete and returns how long that took,
// and by how much the heap grew.
func snapshot(b *testing.B, client articlev1.ArticleServiceClient, rows *store.Store) (took time.Duration, peak uint64) {
	b.Helper()
	cache, err := articles.NewCache(0)
	must(b, err)
	f := follow.Follower{Articles: client, Rows: rows, Cache: cache, Log: slog.New(slog.DiscardHandler)}
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan struct{})
	before, began := heap(), time.Now()
	go func() { defer close(ended); f.Run(ctx) }()
	for look := time.NewTicker(10 * time.Millisecond); ; <-look.C {
		feed, err := rows.Feed(b.Context())
		must(b, err)
		if feed.Token == "end" {
			break
		}
		if now := heap(); now > before {
			peak = max(peak, now-before)
		}
	}
	took = time.Since(began)
	cancel()
	<-ended
	return took, peak
}

// walk lists all articles, the oldest first, and returns the processor time that
// took.
func walk(b *testing.B, rows *store.Store, size int) time.Duration {
	b.Helper()
	began, n := cpu(), 0
	for q := (store.Query{Site: "biblioteka", Oldest: true, Limit: 500}); ; {
		page, next, err := rows.List(b.Context(), q)
		must(b, err)
		n += len(page)
		if q.After = next; next == nil {
			break
		}
	}
	if n != size {
		b.Fatalf("listed %d of %d", n, size)
	}
	return cpu() - began
}

// cpu returns the processor time that this process has used.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// heap returns how many bytes live objects and garbage take.
func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
