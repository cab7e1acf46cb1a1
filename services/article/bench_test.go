package article_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

const (
	readers = 16
	writers = 64
	rounds  = 6 // in which the two sides of a comparison take turns
)

// BenchmarkGetArticle compares reading a published article of about 9.5 KB, to
// 16 clients, with a bare gRPC server: ratio is to one that echoes a request of
// the same bytes, answer-ratio to one that answers them from memory without a
// store, a log, validation or anything else, which nothing can reach.
func BenchmarkGetArticle(b *testing.B) {
	s := newBenchSuite(b)
	a := s.create("Stažuotė", func(a *articlev1.Article) { fill(a, 9000) })
	s.publish(a)
	request, err := proto.Marshal(&articlev1.GetArticleRequest{Name: a.GetName()})
	must(b, request, err)
	method := articlev1.ArticleService_GetArticle_FullMethodName
	ours := dialRaw(b, s.address)
	answer := invoke(b, ours, method, request)
	bare := dialRaw(b, serveBare(b, answer))
	compare(b, readers,
		side{step: func() { invoke(b, ours, method, request) }},
		side{step: func() { invoke(b, bare, "/bare/Echo", answer) }},
		side{name: "answer-", step: func() { invoke(b, bare, "/bare/Answer", request) }})
	b.SetBytes(int64(len(answer)))
}

// BenchmarkCreateArticle compares durable creation by 64 writers, over gRPC,
// with bbolt commits that the same number of writers share and that store the
// very keys and values that these creates stored: ratio is to bbolt as it
// ships, which lets a commit wait 10 ms for company, tuned-ratio to one that
// commits as soon as every writer is there, or after 1 ms.
func BenchmarkCreateArticle(b *testing.B) {
	s := newBenchSuite(b)
	client := articlev1.NewArticleServiceClient(s.dial(auth.Editor))
	s.compareCreates(func(req *articlev1.CreateArticleRequest) error {
		_, err := client.CreateArticle(b.Context(), req)
		return err
	})
}

// BenchmarkCreateArticleAlone is BenchmarkCreateArticle without gRPC on either
// side: what the service itself adds to bbolt.
func BenchmarkCreateArticleAlone(b *testing.B) {
	s := newBenchSuite(b)
	ctx := auth.WithPrincipal(b.Context(), testkit.PrincipalOf(auth.Editor))
	s.compareCreates(func(req *articlev1.CreateArticleRequest) error {
		_, err := s.parts.Server.CreateArticle(ctx, req)
		return err
	})
}

func (s *benchSuite) compareCreates(create func(*articlev1.CreateArticleRequest) error) {
	draft := &articlev1.Article{}
	fill(draft, 7000)
	var n atomic.Int64
	shipped := openRaw(s.b, func(*bolt.DB) {})
	tuned := openRaw(s.b, func(db *bolt.DB) { db.MaxBatchSize, db.MaxBatchDelay = writers, time.Millisecond })
	s.stored.take()
	compare(s.b, writers, side{step: func() {
		a := proto.CloneOf(draft)
		a.Title = fmt.Sprintf("Stažuotė %d", n.Add(1))
		if err := create(&articlev1.CreateArticleRequest{Parent: testkit.Site, Article: a}); err != nil {
			s.b.Error(err)
		}
	}, after: func() {
		shipped.next = s.stored.take()
		tuned.next = shipped.next
	}}, side{name: "", step: shipped.step}, side{name: "tuned-", step: tuned.step})
}

// side is one side of a comparison.
type side struct {
	name  string // before the names of its metrics
	step  func()
	after func() // runs after each round; may be nil
}

// compare runs every step b.N times in all, by so many callers, taking turns,
// and reports how fast each was and the ratios of ours to the others: of time,
// and of processor time, which others on the machine disturb less. It returns how
// long each took.
func compare(b *testing.B, callers int, ours side, bare ...side) (spent, worked []time.Duration) {
	b.Helper()
	sides := append([]side{ours}, bare...)
	spent, worked = make([]time.Duration, len(sides)), make([]time.Duration, len(sides))
	each := max(b.N/rounds, 1)
	b.ResetTimer()
	for range rounds {
		for i, side := range sides {
			began, busy := time.Now(), cpuTime(b)
			spread(callers, each, side.step)
			spent[i] += time.Since(began)
			worked[i] += cpuTime(b) - busy
			if side.after != nil {
				side.after()
			}
		}
	}
	b.StopTimer()
	total := float64(each * rounds)
	b.ReportMetric(total/spent[0].Seconds(), "ours/s")
	b.ReportMetric(worked[0].Seconds()*1e6/total, "ours-cpu-us")
	for i, side := range bare {
		b.ReportMetric(total/spent[i+1].Seconds(), side.name+"bare/s")
		b.ReportMetric(spent[i+1].Seconds()/spent[0].Seconds(), side.name+"ratio")
		b.ReportMetric(worked[i+1].Seconds()/worked[0].Seconds(), side.name+"cpu-ratio")
	}
	return spent, worked
}

// cpuTime returns the processor time of this process so far.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func spread(callers, n int, step func()) {
	var left atomic.Int64
	left.Store(int64(n))
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				step()
			}
		})
	}
	all.Wait()
}

// fill gives an article about n bytes of text.
func fill(a *articlev1.Article, n int) {
	if a.Title == "" {
		a.Title = "Stažuotė"
	}
	sentence := strings.Repeat("Bibliotekose lankosi įvairaus amžiaus žmonės. ", 10)
	for i := 0; i*len(sentence) < n; i++ {
		a.Blocks = append(a.Blocks, paragraph(fmt.Sprintf("b%d", i), sentence))
	}
}

// benchSuite is the service on a loopback address, as it runs in production.
type benchSuite struct {
	*suite
	b       *testing.B
	address string
	stored  *recorder
}

// newBenchSuite has an empty store with the site of the principals.
func newBenchSuite(b *testing.B, change ...func(*article.Config)) *benchSuite {
	b.Helper()
	s := openBenchSuite(b, filepath.Join(b.TempDir(), "article.db"), change...)
	site, err := articlev1.NewArticleServiceClient(s.dial(auth.Operator)).
		CreateSite(b.Context(), &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: newSite()})
	must(b, site, err)
	return s
}

func openBenchSuite(b *testing.B, file string, change ...func(*article.Config)) *benchSuite {
	b.Helper()
	db, err := boltkv.Open(file, kv.Options{Format: store.Format()})
	must(b, db, err)
	kit := testkit.New(b)
	log := slog.New(slog.NewTextHandler(discard{}, nil))
	ctx, cancel := context.WithCancel(context.Background())
	stored := &recorder{Store: db}
	config := article.Config{Config: host.Config{Log: log}, IndexDir: b.TempDir()}
	for _, f := range change {
		f(&config)
	}
	parts, err := article.Assemble(ctx, store.New(stored), nil, config)
	must(b, parts, err)
	server, err := rpc.NewServer(rpc.Config{Log: log, Verifier: kit.Verifier()}, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, parts.Server)
	})
	must(b, server, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, listener, err)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, listener) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	s := &benchSuite{suite: &suite{t: b, parts: parts, kit: kit}, b: b, address: listener.Addr().String(), stored: stored}
	s.editor = articlev1.NewArticleServiceClient(s.dial(auth.Editor))
	return s
}

type fixedToken string

func (f fixedToken) Token(context.Context) (string, error) { return string(f), nil }

func (s *benchSuite) dial(role auth.Role) *grpc.ClientConn {
	s.t.Helper()
	conn, err := rpc.Dial(rpc.Target{Address: s.address, Tokens: fixedToken(s.kit.Token(testkit.PrincipalOf(role)))})
	must(s.t, conn, err)
	s.t.Cleanup(func() { _ = conn.Close() })
	return conn
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
