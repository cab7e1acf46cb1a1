package egress_test

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
)

// raw serves each connection by hand.
func raw(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-ended })
	return "http://" + l.Addr().String() + "/"
}

// repeat writes text until the other side has had enough.
func repeat(conn net.Conn, text string, pause time.Duration) {
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	for {
		if _, err := io.WriteString(conn, text); err != nil {
			return
		}
		<-time.After(pause)
	}
}

// TestTrickle has receivers that keep a call as long as they can.
func TestTrickle(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\n"
	chunk := "1000\r\n" + strings.Repeat("a", 0x1000) + "\r\n"
	tests := []struct {
		name  string
		serve func(net.Conn)
		class egress.Class // 0: an answer
	}{
		{"says nothing", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, egress.ClassTimeout},
		{"hangs up", func(net.Conn) {}, egress.ClassAnswer},
		{"is no HTTP", func(c net.Conn) { repeat(c, "220 mail ready\r\n", time.Millisecond) }, egress.ClassAnswer},
		{"header letter by letter", func(c net.Conn) { repeat(c, "H", 20*time.Millisecond) }, egress.ClassTimeout},
		{"header lines slowly", func(c net.Conn) {
			_, _ = io.WriteString(c, head)
			repeat(c, "a: b\r\n", 20*time.Millisecond)
		}, egress.ClassTimeout},
		{"header without end", func(c net.Conn) {
			_, _ = io.WriteString(c, head)
			repeat(c, strings.Repeat("a: b\r\n", 1000), 0)
		}, egress.ClassAnswer},
		{"interim answers without end", func(c net.Conn) {
			repeat(c, "HTTP/1.1 103 Early Hints\r\nLink: <a>; rel=preload\r\n\r\n", 0)
		}, egress.ClassAnswer},
		{"body without end", func(c net.Conn) {
			_, _ = io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
			repeat(c, chunk, 0)
		}, 0},
		{"body slowly for ever", func(c net.Conn) {
			_, _ = io.WriteString(c, head+"Transfer-Encoding: chunked\r\n\r\n")
			repeat(c, "1\r\na\r\n", 20*time.Millisecond)
		}, 0},
		{"takes nothing", func(c net.Conn) { <-time.After(time.Second) }, egress.ClassTimeout},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			// What has to end by itself has time to, however busy the machine.
			timeout := egress.DefaultTimeout
			if test.class == egress.ClassTimeout {
				timeout = 500 * time.Millisecond
			}
			c := client(t, egress.Config{Own: prefixes("127.0.0.0/8"), Timeout: timeout})
			// Larger than what the system keeps for a socket that nobody reads.
			answer, err := c.Post(t.Context(), raw(t, test.serve), nil, make([]byte, 16<<20))
			switch {
			case test.class != 0:
				wantClass(t, err, test.class)
			case err != nil || answer.Status != 200:
				t.Errorf("answer = %+v, %v", answer, err)
			}
		})
	}
}

func TestNobody(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	uri := "http://" + l.Addr().String() + "/"
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	c := client(t, egress.Config{Own: prefixes("127.0.0.0/8")})
	_, err = c.Post(t.Context(), uri, nil, nil)
	wantClass(t, err, egress.ClassConnect)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Post(ctx, uri, nil, nil)
	wantClass(t, err, egress.ClassCanceled)
}
