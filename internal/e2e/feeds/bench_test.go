package feeds_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// BenchmarkFeed asks 16 at a time for a feed of 50 whole articles, through the
// whole chain of the gateway with its log in a file, in turns with a bare
// net/http server that has the same bytes and headers. The clients do as little
// as they can. It checks that the sharing service made the feed once.
func BenchmarkFeed(b *testing.B) {
	log, err := os.Create(filepath.Join(b.TempDir(), "gateway.log"))
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	r := newRig(b, log)
	text := strings.Repeat("Bibliotekoje vyksta knygų mugė, į kurią kviečiame visus miesto gyventojus. ", 50)
	for i := range 50 {
		a := r.write(fmt.Sprintf("straipsnis-%02d", i), fmt.Sprintf("Straipsnis %02d", i))
		a.Blocks[0].GetParagraph().Text = &articlev1.RichText{Spans: []*articlev1.Span{{Text: text}}}
		a, err := r.articles.UpdateArticle(b.Context(), &articlev1.UpdateArticleRequest{Article: a})
		r.must(err)
		r.publish(a, time.Time{})
	}
	r.await("/feed.xml", "all articles show", func(_ int, body string) bool {
		return strings.Count(body, "<item>") == 50 && len(body) > 50*len(text)
	})
	for name, headers := range map[string][]string{"plain": nil, "gzip": {"Accept-Encoding", "gzip"}} {
		b.Run(name, func(b *testing.B) {
			first, body := r.get("/feed.xml", headers...)
			bare := serveBare(b, first.header, []byte(body))
			request := "GET /feed.xml HTTP/1.1\r\nHost: biblioteka.example\r\n"
			for i := 0; i+1 < len(headers); i += 2 {
				request += headers[i] + ": " + headers[i+1] + "\r\n"
			}
			ours := strings.TrimPrefix(r.base, "http://")
			load(b, bare, request)
			load(b, ours, request)
			var us, them, spent, bareSpent float64
			for b.Loop() {
				for range 2 {
					n, cost := load(b, bare, request)
					them, bareSpent = them+n, bareSpent+cost
					n, cost = load(b, ours, request)
					us, spent = us+n, spent+cost
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(len(body)), "B/feed")
			b.ReportMetric(us/float64(2*b.N), "feeds/s")
			b.ReportMetric(us/them, "ratio")
			b.ReportMetric(bareSpent/spent, "ratio-of-cpu")
		})
	}
}

// serveBare serves a document with the headers of another answer, and returns
// the address.
func serveBare(b *testing.B, headers http.Header, document []byte) string {
	b.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for name, values := range headers {
			if name != "Date" {
				h[name] = values
			}
		}
		_, _ = w.Write(document)
	}))
	b.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// How many ask at a time, and for how long.
const (
	clients = 16
	turn    = 250 * time.Millisecond
)

// load asks for one turn and returns how many answers came in a second, and the
// processor time of both sides for each.
func load(b *testing.B, address, request string) (rate, cost float64) {
	b.Helper()
	var answers atomic.Int64
	var asking sync.WaitGroup
	begin, before := time.Now(), processorTime(b)
	for range clients {
		asking.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer conn.Close()
			reader := bufio.NewReaderSize(conn, 64<<10)
			for time.Since(begin) < turn {
				if _, err := conn.Write([]byte(request + "\r\n")); err != nil {
					b.Error(err)
					return
				}
				if err := skim(reader); err != nil {
					b.Error(err)
					return
				}
				answers.Add(1)
			}
		})
	}
	asking.Wait()
	n := float64(answers.Load())
	return n / time.Since(begin).Seconds(), (processorTime(b) - before).Seconds() / n
}

// processorTime returns what this process has used.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// skim reads an answer and throws it away.
func skim(reader *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		text := string(line)
		if first && !strings.HasPrefix(text, "HTTP/1.1 200 ") {
			return fmt.Errorf("answered %q", text)
		}
		if value, ok := strings.CutPrefix(text, "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
		if text == "\r\n" {
			_, err := reader.Discard(length)
			return err
		}
	}
}
