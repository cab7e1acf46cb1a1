package article_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/mem"
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
		func() { invoke(b, ours, method, request) },
		func() { invoke(b, bare, "/bare/Echo", answer) },
		func() { invoke(b, bare, "/bare/Answer", request) })
	b.SetBytes(int64(len(answer)))
}

// BenchmarkCreateArticle compares durable creation by 64 writers, over gRPC,
// with bbolt commits that the same number of writers share and that store as
// many bytes.
func BenchmarkCreateArticle(b *testing.B) {
	s := newBenchSuite(b)
	conn := s.dial(auth.Editor)
	client := articlev1.NewArticleServiceClient(conn)
	draft := &articlev1.Article{}
	fill(draft, 7000)
	var n atomic.Int64
	raw := openRaw(b, proto.Size(draft))
	compare(b, writers,
		func() {
			a := proto.CloneOf(draft)
			a.Title = fmt.Sprintf("Stažuotė %d", n.Add(1))
			if _, err := client.CreateArticle(b.Context(), &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: a}); err != nil {
				b.Error(err)
			}
		}, raw)
}

// BenchmarkCreateArticleAlone is BenchmarkCreateArticle without gRPC on either
// side: what the service itself adds to bbolt.
func BenchmarkCreateArticleAlone(b *testing.B) {
	s := newBenchSuite(b)
	ctx := auth.WithPrincipal(b.Context(), testkit.PrincipalOf(auth.Editor))
	draft := &articlev1.Article{}
	fill(draft, 7000)
	var n atomic.Int64
	compare(b, writers, func() {
		a := proto.CloneOf(draft)
		a.Title = fmt.Sprintf("Stažuotė %d", n.Add(1))
		if _, err := s.parts.Server.CreateArticle(ctx, &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: a}); err != nil {
			b.Error(err)
		}
	}, openRaw(b, proto.Size(draft)))
}

// compare runs every step b.N times in all, by so many callers, taking turns,
// and reports how fast each was and the ratios of the first to the others.
func compare(b *testing.B, callers int, ours func(), bare ...func()) {
	b.Helper()
	steps := append([]func(){ours}, bare...)
	spent := make([]time.Duration, len(steps))
	each := max(b.N/rounds, 1)
	b.ResetTimer()
	for range rounds {
		for i, step := range steps {
			began := time.Now()
			spread(callers, each, step)
			spent[i] += time.Since(began)
		}
	}
	b.StopTimer()
	total := float64(each * rounds)
	b.ReportMetric(total/spent[0].Seconds(), "ours/s")
	for i, name := range []string{"", "answer-"}[:len(bare)] {
		b.ReportMetric(total/spent[i+1].Seconds(), name+"bare/s")
		b.ReportMetric(spent[i+1].Seconds()/spent[0].Seconds(), name+"ratio")
	}
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
	address string
}

func newBenchSuite(b *testing.B) *benchSuite {
	b.Helper()
	db, err := boltkv.Open(filepath.Join(b.TempDir(), "article.db"), kv.Options{Format: store.Format()})
	must(b, db, err)
	kit := testkit.New(b)
	log := slog.New(slog.NewTextHandler(discard{}, nil))
	ctx, cancel := context.WithCancel(context.Background())
	parts, err := article.Assemble(ctx, store.New(db), nil, article.Config{Config: host.Config{Log: log}})
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
	s := &benchSuite{suite: &suite{t: b, parts: parts, kit: kit}, address: listener.Addr().String()}
	s.editor = articlev1.NewArticleServiceClient(s.dial(auth.Editor))
	_, err = articlev1.NewArticleServiceClient(s.dial(auth.Operator)).
		CreateSite(b.Context(), &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: newSite()})
	if err != nil {
		b.Fatal(err)
	}
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

// serveBare is a gRPC server with nothing around it.
func serveBare(b *testing.B, answer []byte) string {
	b.Helper()
	server := grpc.NewServer(grpc.ForceServerCodecV2(rawCodec{}))
	method := func(name string, reply func(request []byte) []byte) grpc.MethodDesc {
		return grpc.MethodDesc{MethodName: name, Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request []byte
			if err := decode(&request); err != nil {
				return nil, err
			}
			out := reply(request)
			return &out, nil
		}}
	}
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "bare", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{
		method("Echo", func(request []byte) []byte { return request }),
		method("Answer", func([]byte) []byte { return answer }),
	}}, nil)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, listener, err)
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(server.Stop)
	return listener.Addr().String()
}

// dialRaw returns a connection whose messages are bytes.
func dialRaw(b *testing.B, address string) *grpc.ClientConn {
	b.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(rawCodec{})))
	must(b, conn, err)
	b.Cleanup(func() { _ = conn.Close() })
	return conn
}

func invoke(b *testing.B, conn *grpc.ClientConn, method string, request []byte) []byte {
	b.Helper()
	var answer []byte
	if err := conn.Invoke(b.Context(), method, &request, &answer); err != nil {
		b.Error(err)
	}
	return answer
}

// rawCodec passes bytes through.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	b, ok := v.(*[]byte)
	if !ok {
		return nil, fmt.Errorf("%T is not bytes", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(*b)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	b, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("%T is not bytes", v)
	}
	*b = data.Materialize()
	return nil
}

// openRaw returns a step that stores n bytes in a bare bbolt file, in a commit
// shared with whoever else is writing.
func openRaw(b *testing.B, n int) func() {
	b.Helper()
	db, err := bolt.Open(filepath.Join(b.TempDir(), "raw.db"), 0o600, nil)
	must(b, db, err)
	b.Cleanup(func() { _ = db.Close() })
	db.MaxBatchSize = writers
	db.MaxBatchDelay = time.Millisecond
	var count atomic.Uint64
	value := make([]byte, n)
	return func() {
		key := binary.BigEndian.AppendUint64(nil, count.Add(1))
		err := db.Batch(func(tx *bolt.Tx) error {
			bucket, err := tx.CreateBucketIfNotExists([]byte("b"))
			if err != nil {
				return err
			}
			return bucket.Put(key, value)
		})
		if err != nil {
			b.Error(err)
		}
	}
}
