package shortlinks_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const agent = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"

func idOf(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func timeOf(i int) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
}

// requests returns how a phone asks for links: from all over the world through
// a proxy, each from another address.
func requests(codes []string, n int) [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	list := make([][]byte, n)
	for i := range list {
		list[i] = fmt.Appendf(nil, "GET /s/%s.f HTTP/1.1\r\nHost: naujienos.biblioteka.example\r\nUser-Agent: %s\r\n"+
			"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"+
			"Accept-Encoding: gzip, deflate, br\r\nAccept-Language: lt-LT,lt;q=0.9,en;q=0.8\r\nReferer: https://l.facebook.com/\r\n"+
			"X-Forwarded-For: %d.%d.%d.%d\r\nX-Forwarded-Proto: https\r\n\r\n",
			codes[random.IntN(len(codes))], agent, 1+random.IntN(200), random.IntN(256), random.IntN(256), random.IntN(256))
	}
	return list
}

// clients is how many open links at once.
const clients = 16

// load sends requests from all clients, each on one connection, for some time. It returns how many were answered in which time, and fails tb unless all
// were with 302.
func load(tb testing.TB, address string, list [][]byte, lasting time.Duration) (int, time.Duration) {
	tb.Helper()
	var all sync.WaitGroup
	answered := make([]int, clients)
	errs := make([]error, clients)
	begin := time.Now()
	for i := range clients {
		all.Go(func() {
			answered[i], errs[i] = client(address, list, i, begin.Add(lasting))
		})
	}
	all.Wait()
	took := time.Since(begin)
	must(tb, errors.Join(errs...))
	sum := 0
	for _, n := range answered {
		sum += n
	}
	return sum, took
}

// client is one connection that sends one request after the other.
func client(address string, list [][]byte, at int, until time.Time) (int, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	n := 0
	for random := rand.New(rand.NewPCG(3, uint64(at))); time.Now().Before(until); n++ {
		if _, err := conn.Write(list[random.IntN(len(list))]); err != nil {
			return n, err
		}
		if err := readRedirect(r); err != nil {
			return n, err
		}
	}
	return n, nil
}

// readRedirect reads an answer, which must be a redirect; it does no more than
// it must, for it shares the processors with the server.
func readRedirect(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 302")) {
		return fmt.Errorf("answered %q", line)
	}
	length := 0
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		if len(line) == len("\r\n") {
			_, err := r.Discard(length)
			return err
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
}

// serveBare serves a redirect as net/http does at its barest, and returns its
// address.
func serveBare(tb testing.TB) string {
	tb.Helper()
	l := listen(tb)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Location"] = []string{origin + "/naujiena-1"}
		w.WriteHeader(http.StatusFound)
	})}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			tb.Error(err)
		}
	}()
	tb.Cleanup(func() { _ = server.Close(); <-ended })
	return l.Addr().String()
}
