package search_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/search/searchtest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	service "github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/search"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// benchArticles is how many articles of 8 KB are searched: SKAITYKLA_BENCH_ARTICLES,
// or few enough to be made in seconds.
func benchArticles(b *testing.B) int {
	b.Helper()
	n, err := strconv.Atoi(os.Getenv("SKAITYKLA_BENCH_ARTICLES"))
	if err != nil {
		return 1000
	}
	return n
}

// BenchmarkSearch compares a search over gRPC, 10 hits with snippets, with the
// same query asked of bleve directly, on the same index: cpu-ratio is processor
// time to processor time.
func BenchmarkSearch(b *testing.B) {
	s := newBench(b)
	for _, query := range []string{"biblioteka", "bibliotekos skaitytojai", "knygnesiai", "\"vaikų biblioteka\""} {
		b.Run(query, func(b *testing.B) { s.compare(b, query) })
	}
}

type bench struct {
	parts  *service.Parts
	client articlev1.ArticleServiceClient
}

func newBench(b *testing.B) *bench {
	b.Helper()
	dir := b.TempDir()
	db, err := boltkv.Open(filepath.Join(dir, "article.db"), kv.Options{Format: store.Format()})
	must(b, err)
	kit := testkit.New(b)
	log := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())
	parts, err := service.Assemble(ctx, store.New(db), nil, service.Config{Config: host.Config{Log: log}, IndexDir: filepath.Join(dir, "index")})
	must(b, err)
	server, err := rpc.NewServer(rpc.Config{Log: log, Verifier: kit.Verifier()}, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, parts.Server)
	})
	must(b, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(ctx, listener) })
	s := &bench{parts: parts}
	s.fill(b)
	began, cpu := time.Now(), searchtest.CPUTime()
	running.Go(func() { parts.Search.Run(ctx) })
	must(b, parts.Search.CatchUp(ctx))
	b.Logf("the index took %v, %v of CPU, %d KB", time.Since(began), searchtest.CPUTime()-cpu, size(b, filepath.Join(dir, "index"))>>10)
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	b.Logf("heap %d KB, %d segments", mem.HeapAlloc>>10, segments(b, filepath.Join(dir, "index")))
	b.Cleanup(func() {
		cancel()
		running.Wait()
		parts.Search.Close()
		began := time.Now()
		again, err := search.Open(context.Background(), search.Parts{Store: store.New(db), Folder: filepath.Join(dir, "index"), Log: log})
		must(b, err)
		b.Logf("opening the index took %v", time.Since(began))
		again.Close()
		must(b, db.Close())
	})
	conn, err := rpc.Dial(rpc.Target{Address: listener.Addr().String()})
	must(b, err)
	b.Cleanup(func() { _ = conn.Close() })
	s.client = articlev1.NewArticleServiceClient(conn)
	return s
}

// fill publishes the articles.
func (s *bench) fill(b *testing.B) {
	b.Helper()
	ctx := auth.WithPrincipal(b.Context(), testkit.PrincipalOf(auth.Operator))
	_, err := s.parts.Server.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: &articlev1.Site{
		Title: "Biblioteka", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en", "da"}, TimeZone: "Europe/Vilnius",
	}})
	must(b, err)
	ctx = auth.WithPrincipal(b.Context(), testkit.PrincipalOf(auth.Editor))
	jobs := make(chan *articlev1.Article)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for a := range jobs {
				a, err := s.parts.Server.CreateArticle(ctx, &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: a})
				if err == nil {
					_, err = s.parts.Server.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	w := searchtest.NewWriter(b, "../../../../internal/lang/testdata/corpus/lt", 1)
	for i := range benchArticles(b) {
		a := &articlev1.Article{Title: fmt.Sprintf("%s %d", w.Text(40), i), Lead: rich(w.Text(200)), Tags: []string{w.Word()}}
		for j := range 10 {
			a.Blocks = append(a.Blocks, &articlev1.Block{Id: fmt.Sprintf("b%d", j), Content: &articlev1.Block_Paragraph{
				Paragraph: &articlev1.Paragraph{Text: rich(w.Text(780))},
			}})
		}
		jobs <- a
	}
	close(jobs)
	all.Wait()
}

func (s *bench) compare(b *testing.B, query string) {
	b.Helper()
	const hits, rounds = 10, 6
	bare, err := s.parts.Search.Bare(article.Search{
		Site: "biblioteka", Languages: []string{"lt", "en", "da"}, Query: query, Limit: hits,
	})
	must(b, err)
	var spent [2]time.Duration
	var took []time.Duration
	total := int32(0)
	for range rounds {
		for side, step := range []func(){
			func() {
				began := time.Now()
				resp, err := s.client.SearchArticles(b.Context(), &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: query, PageSize: hits})
				must(b, err)
				took, total = append(took, time.Since(began)), resp.GetTotalSize()
			},
			func() { _, err := bare(b.Context()); must(b, err) },
		} {
			began := searchtest.CPUTime()
			for range max(b.N/rounds, 1) {
				step()
			}
			spent[side] += searchtest.CPUTime() - began
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(spent[0])/float64(spent[1]), "cpu-ratio")
	b.ReportMetric(float64(spent[1])/float64(time.Millisecond)/float64(len(took)), "bare-cpu-ms")
	b.ReportMetric(float64(took[len(took)*99/100])/float64(time.Millisecond), "p99-ms")
	b.ReportMetric(float64(total), "found")
}

func segments(tb testing.TB, folder string) int {
	tb.Helper()
	all, err := filepath.Glob(filepath.Join(folder, "*", "store", "*.zap"))
	must(tb, err)
	return len(all)
}

func size(tb testing.TB, folder string) (bytes int64) {
	tb.Helper()
	must(tb, filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return nil
	}))
	return bytes
}

func rich(text string) *articlev1.RichText {
	return &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
