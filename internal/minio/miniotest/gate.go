package miniotest

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Gate stands between clients and a server and tells a test which calls pass,
// so that it can strike at a certain moment and not at some time. A call that
// the server does not answer ends without an answer, as it would without the
// gate. Its methods may be used by several goroutines.
type Gate struct {
	// Addr is where it listens, host:port.
	Addr string

	mu    sync.Mutex
	watch Watch
	puts  map[string]int
}

// Watch is told of calls, with the names of objects: bucket/key. Either may be
// nil.
type Watch struct {
	// Asked is called before a call is passed on, which waits for it.
	Asked func(method, object string)
	// Sent is called after each piece of an answer with the number of bytes so
	// far. When it returns an error the answer ends there.
	Sent func(method, object string, bytes int) error
}

// NewGate starts a gate in front of target, host:port. It ends with the test.
func NewGate(tb testing.TB, target string) *Gate {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("start a gate: %v", err)
	}
	g := &Gate{Addr: listener.Addr().String(), puts: make(map[string]int)}
	transport := &http.Transport{DisableCompression: true}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: target})
			r.Out.Host = r.In.Host // it is signed
		},
		Transport:      transport,
		ModifyResponse: g.answered,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked := g.watching().Asked; asked != nil {
				asked(r.Method, objectOf(r))
			}
			proxy.ServeHTTP(w, r)
		}),
		ErrorLog:          log.New(io.Discard, "", 0),
		ReadHeaderTimeout: time.Minute,
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	tb.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
		transport.CloseIdleConnections()
	})
	return g
}

// Set changes who is told.
func (g *Gate) Set(w Watch) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.watch = w
}

func (g *Gate) watching() Watch {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.watch
}

// Puts returns how often the server has said that it stored an object.
func (g *Gate) Puts(object string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.puts[object]
}

func (g *Gate) answered(r *http.Response) error {
	if r.Request.Method == http.MethodPut && r.StatusCode == http.StatusOK {
		g.mu.Lock()
		g.puts[objectOf(r.Request)]++
		g.mu.Unlock()
	}
	r.Body = &watchedBody{ReadCloser: r.Body, gate: g, request: r.Request}
	return nil
}

func objectOf(r *http.Request) string { return r.URL.Path[min(1, len(r.URL.Path)):] }

// watchedBody is the body of an answer.
type watchedBody struct {
	io.ReadCloser

	gate    *Gate
	request *http.Request
	bytes   int
}

// Read tells of what was read before, which is on its way now.
func (b *watchedBody) Read(p []byte) (int, error) {
	if sent := b.gate.watching().Sent; sent != nil && b.bytes > 0 {
		if err := sent(b.request.Method, objectOf(b.request), b.bytes); err != nil {
			return 0, err
		}
	}
	n, err := b.ReadCloser.Read(p)
	b.bytes += n
	return n, err //nolint:wrapcheck // it is that of another reader
}
