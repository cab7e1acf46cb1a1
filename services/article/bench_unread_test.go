package article_test

import (
	"encoding/binary"
	"fmt"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article"
)

// BenchmarkWatchUnread compares publishing by one writer while 1,000 watchers
// are connected who read nothing with publishing while nobody watches.
func BenchmarkWatchUnread(b *testing.B) {
	quiet, watched := newBenchSuite(b, letIn), newBenchSuite(b, letIn)
	watched.unread(crowd, connections)
	watched.awaitWatchers(crowd)
	step := func(s *benchSuite) func() {
		a := s.publish(s.create("Stažuotė", func(a *articlev1.Article) { fill(a, 9000) }))
		n := 0
		return func() {
			n++
			saved, err := s.editor.UpdateArticle(b.Context(), &articlev1.UpdateArticleRequest{Article: &articlev1.Article{
				Name: a.GetName(), Etag: a.GetEtag(), Title: fmt.Sprintf("Stažuotė %d", n),
			}})
			a = s.publish(must(b, saved, err))
		}
	}
	ours := step(watched)
	for range 50 {
		ours() // until nobody has room for more
	}
	compare(b, 1, side{step: ours}, side{step: step(quiet)})
}

// BenchmarkWatchMemory measures what a watcher costs in the process of the
// service: before there was anything to tell, and after 50 changes of a 9.5 KB
// article of which it read nothing. With many articles it does not even read
// the snapshot. Watchers are bare sockets, which cost this process next to
// nothing; the events they share are not counted.
func BenchmarkWatchMemory(b *testing.B) {
	for _, c := range []struct {
		name                  string
		connections, articles int
	}{{"one connection", 1, 1}, {"own connections", crowd, 1}, {"100 articles", 1, 100}, {"100 articles, own connections", crowd, 100}} {
		b.Run(c.name, func(b *testing.B) {
			s := newBenchSuite(b, letIn, func(c *article.Config) { c.WatchEvents = 1 })
			var a *articlev1.Article
			for i := range c.articles {
				a = s.publish(s.create(fmt.Sprintf("Stažuotė %d", i), func(a *articlev1.Article) { fill(a, 9000) }))
			}
			for b.Loop() {
				before := inUse()
				sockets := s.unread(crowd, c.connections)
				if c.articles == 1 {
					s.awaitWatchers(crowd)
				}
				idle := settled()
				for range 50 {
					saved, err := s.editor.UpdateArticle(b.Context(), &articlev1.UpdateArticleRequest{Article: &articlev1.Article{
						Name: a.GetName(), Etag: a.GetEtag(), Title: fmt.Sprintf("Stažuotė %d", inUse()),
					}})
					a = s.publish(must(b, saved, err))
				}
				told := inUse()
				b.ReportMetric(float64(idle-before)/crowd/1024, "idle-KiB/watcher")
				b.ReportMetric(float64(told-before)/crowd/1024, "unread-KiB/watcher")
				for _, socket := range sockets {
					_ = socket.Close() // the next round opens others
				}
				s.awaitWatchers(0)
			}
		})
	}
}

// settled returns inUse once it hardly grows any more.
func settled() int64 {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for last, now := int64(0), inUse(); ; last, now = now, inUse() {
		if now < last+last/100 {
			return now
		}
		<-tick.C
	}
}

// inUse returns the bytes of the heap and of stacks that are in use.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // what pools held is free after the second
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func (s *benchSuite) awaitWatchers(n int) {
	for s.parts.Hub.Stats().Watchers != n {
		runtime.Gosched()
	}
}

// unread opens so many watches on so many connections, without reading.
func (s *benchSuite) unread(watchers, connections int) []net.Conn {
	s.b.Helper()
	sockets := make([]net.Conn, connections)
	request, err := proto.Marshal(&articlev1.WatchArticlesRequest{Parent: testkit.Site})
	must(s.b, request, err)
	for i := range sockets {
		socket, err := net.Dial("tcp", s.address)
		must(s.b, socket, err)
		s.b.Cleanup(func() { _ = socket.Close() })
		sockets[i] = socket
		out := []byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
		out = appendFrame(out, frameSettings, 0, 0, nil)
		for stream := range watchers / connections {
			out = appendCall(out, uint32(2*stream+1), articlev1.ArticleService_WatchArticles_FullMethodName, request)
		}
		if _, err := socket.Write(out); err != nil {
			s.b.Fatal(err)
		}
	}
	return sockets
}

// Types and flags of HTTP/2 frames (RFC 9113, section 6).
const (
	frameData     = 0x0
	frameHeaders  = 0x1
	frameSettings = 0x4
	flagEnd       = 0x1 // END_STREAM
	flagHeaders   = 0x4 // END_HEADERS
)

func appendFrame(out []byte, kind, flags byte, stream uint32, payload []byte) []byte {
	size := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
	out = append(append(out, size[1:]...), kind, flags)
	return append(binary.BigEndian.AppendUint32(out, stream), payload...)
}

// appendCall begins a gRPC call and sends its only request.
func appendCall(out []byte, stream uint32, method string, request []byte) []byte {
	var headers []byte
	for _, h := range [][2]string{
		{":method", "POST"},
		{":scheme", "http"},
		{":path", method},
		{":authority", "localhost"},
		{"content-type", "application/grpc"},
		{"te", "trailers"},
	} {
		// A literal that is not indexed (RFC 7541, section 6.2.2).
		headers = append(append(headers, 0, byte(len(h[0]))), h[0]...)
		headers = append(append(headers, byte(len(h[1]))), h[1]...)
	}
	out = appendFrame(out, frameHeaders, flagHeaders, stream, headers)
	message := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(request)))
	return appendFrame(out, frameData, flagEnd, stream, slices.Concat(message, request))
}
