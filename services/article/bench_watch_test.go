package article_test

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article"
)

const (
	crowd       = 1000 // watchers
	connections = 10   // that they share
)

// letIn admits a crowd from one address.
func letIn(c *article.Config) { c.MaxWatchers, c.MaxWatchersPerAddress = 2*crowd, 2*crowd }

// BenchmarkWatch measures how long a change of a 9.5 KB article takes from the
// call of PublishArticle to each of 1,000 watchers, at 10 changes a second, and
// the same for a bare gRPC server that hands a ready message from memory to as
// many streams; the two take turns. An operation is one change on each side.
func BenchmarkWatch(b *testing.B) {
	s := newBenchSuite(b, letIn)
	a := s.publish(s.create("Stažuotė", func(a *articlev1.Article) { fill(a, 9000) }))
	request, err := proto.Marshal(&articlev1.WatchArticlesRequest{Parent: testkit.Site})
	must(b, request, err)
	ours := newAudience(b, s.address, articlev1.ArticleService_WatchArticles_FullMethodName, request)
	size := ours.first()
	bareAddress, fan := serveFan(b, make([]byte, size))
	bare := newAudience(b, bareAddress, "/bare/Watch", nil)
	fan.await(crowd)
	turn := time.NewTicker(50 * time.Millisecond)
	defer turn.Stop()
	b.ResetTimer()
	for i := range b.N {
		a, err = s.editor.UpdateArticle(b.Context(), &articlev1.UpdateArticleRequest{Article: &articlev1.Article{
			Name: a.GetName(), Etag: a.GetEtag(), Title: fmt.Sprintf("Stažuotė %d", i),
		}})
		must(b, a, err)
		<-turn.C
		ours.time(func() { a = s.publish(a) })
		<-turn.C
		bare.time(fan.tell)
	}
	b.StopTimer()
	ours.report(b, "")
	b.ReportMetric(float64(quantile(ours.calls, 0.5).Microseconds())/1000, "call-p50-ms")
	bare.report(b, "bare-")
	b.ReportMetric(ours.quantile(0.99).Seconds()/bare.quantile(0.99).Seconds(), "ratio")
	if got := s.parts.Hub.Stats(); got.TooSlow != 0 || got.Watchers != crowd {
		b.Errorf("got %+v", got)
	}
}

// audience is a crowd that reads.
type audience struct {
	b       *testing.B
	snap    chan int // sizes of the first large message of each
	began   atomic.Int64
	missing sync.WaitGroup // who have not heard the change yet

	calls []time.Duration // how long making the changes took

	mu    sync.Mutex
	delay []time.Duration
}

// large tells events from heartbeats and ends of snapshots.
const large = 1000

func newAudience(b *testing.B, address, method string, request []byte) *audience {
	b.Helper()
	l := &audience{b: b, snap: make(chan int, crowd)}
	snapshot := request != nil
	var conns []*grpc.ClientConn
	for range connections {
		conns = append(conns, dialRaw(b, address))
	}
	for i := range crowd {
		stream, err := conns[i%connections].NewStream(b.Context(), &grpc.StreamDesc{ServerStreams: true}, method, grpc.ForceCodecV2(sizeCodec{}))
		must(b, stream, err)
		if err := stream.SendMsg(&request); err != nil {
			b.Fatal(err)
		}
		if err := stream.CloseSend(); err != nil {
			b.Fatal(err)
		}
		go l.listen(stream, snapshot)
	}
	return l
}

func (l *audience) listen(stream grpc.ClientStream, snapshot bool) {
	for {
		var size int
		if err := stream.RecvMsg(&size); err != nil {
			return // the benchmark has ended, or time waits in vain
		}
		switch {
		case size < large:
		case snapshot:
			snapshot = false
			l.snap <- size
		default:
			took := time.Duration(time.Now().UnixNano() - l.began.Load())
			l.mu.Lock()
			l.delay = append(l.delay, took)
			l.mu.Unlock()
			l.missing.Done()
		}
	}
}

// sizeCodec only measures what it receives, so that a crowd of readers in this
// process leaves it no garbage.
type sizeCodec struct{ rawCodec }

func (sizeCodec) Unmarshal(data mem.BufferSlice, v any) error {
	size, ok := v.(*int)
	if !ok {
		return fmt.Errorf("%T is not a size", v)
	}
	*size = data.Len()
	return nil
}

// first waits for the snapshot of everyone and returns the size of an event.
func (l *audience) first() (size int) {
	for range crowd {
		size = <-l.snap
	}
	return size
}

// time makes a change and waits until everyone has heard it.
func (l *audience) time(change func()) {
	l.missing.Add(crowd)
	l.began.Store(time.Now().UnixNano())
	change()
	l.calls = append(l.calls, time.Duration(time.Now().UnixNano()-l.began.Load()))
	l.missing.Wait()
}

func (l *audience) quantile(q float64) time.Duration { return quantile(l.delay, q) }

func quantile(of []time.Duration, q float64) time.Duration {
	slices.Sort(of)
	return of[int(q*float64(len(of)-1))]
}

func (l *audience) report(b *testing.B, name string) {
	b.Helper()
	b.ReportMetric(float64(l.quantile(0.5).Microseconds())/1000, name+"p50-ms")
	b.ReportMetric(float64(l.quantile(0.99).Microseconds())/1000, name+"p99-ms")
}

// fan hands messages to streams and does nothing else.
type fan struct {
	message []byte

	mu      sync.Mutex
	streams []chan []byte
}

func serveFan(b *testing.B, message []byte) (string, *fan) {
	b.Helper()
	f := &fan{message: message}
	server := grpc.NewServer(grpc.ForceServerCodecV2(rawCodec{}))
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "bare", HandlerType: (*any)(nil), Streams: []grpc.StreamDesc{{
		StreamName: "Watch", ServerStreams: true, Handler: f.watch,
	}}}, nil)
	return listenBare(b, server), f
}

func (f *fan) watch(_ any, stream grpc.ServerStream) error {
	messages := make(chan []byte, 16)
	f.mu.Lock()
	f.streams = append(f.streams, messages)
	f.mu.Unlock()
	for {
		select {
		case m := <-messages:
			if err := stream.SendMsg(&m); err != nil {
				return err
			}
		case <-stream.Context().Done():
			return nil
		}
	}
}

func (f *fan) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, messages := range f.streams {
		messages <- f.message
	}
}

// await waits until there are so many streams.
func (f *fan) await(n int) {
	for count := 0; count < n; runtime.Gosched() {
		f.mu.Lock()
		count = len(f.streams)
		f.mu.Unlock()
	}
}
