package egress_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
)

func client(t *testing.T, c egress.Config) *egress.Client {
	t.Helper()
	made, err := egress.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func prefixes(texts ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		all[i] = netip.MustParsePrefix(text)
	}
	return all
}

// rootsOf returns the authority of a server of httptest.
func rootsOf(s *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

// wantClass expects an error of the class.
func wantClass(t *testing.T, err error, class egress.Class) {
	t.Helper()
	if e, ok := errors.AsType[*egress.Error](err); !ok || e.Class != class {
		t.Errorf("error = %v, want one of class %d", err, class)
	}
}

// touched is a server on an address that counts its connections.
func touched(t *testing.T, address string) (port string, connections func() int) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	n := 0
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				mu.Lock()
				n++
				mu.Unlock()
			}
		},
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() { _ = server.Close(); <-ended })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, func() int {
		mu.Lock()
		defer mu.Unlock()
		return n
	}
}

// resolver asks a name server of the test, which answers each question about
// an IPv4 address with the next of the answers and then for ever with the last.
func resolver(t *testing.T, answers ...[]string) *net.Resolver {
	t.Helper()
	conn, err := (&net.ListenConfig{}).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		serveNames(conn, answers)
	}()
	t.Cleanup(func() { _ = conn.Close(); <-ended })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func serveNames(conn net.PacketConn, answers [][]string) {
	buffer := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var query dnsmessage.Message
		if query.Unpack(buffer[:n]) != nil || len(query.Questions) != 1 {
			continue
		}
		reply := dnsmessage.Message{Questions: query.Questions}
		reply.ID, reply.Response, reply.RecursionAvailable = query.ID, true, true
		if q := query.Questions[0]; len(answers) == 0 {
			reply.RCode = dnsmessage.RCodeNameError
		} else if q.Type == dnsmessage.TypeA {
			for _, a := range answers[0] {
				reply.Answers = append(reply.Answers, dnsmessage.Resource{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET},
					Body:   &dnsmessage.AResource{A: netip.MustParseAddr(a).As4()},
				})
			}
			answers = answers[min(1, len(answers)-1):]
		}
		if data, err := reply.Pack(); err == nil {
			_, _ = conn.WriteTo(data, from)
		}
	}
}
