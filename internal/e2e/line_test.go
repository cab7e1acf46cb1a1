package e2e_test

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

// line is a connection to a server that breaks.
type line struct {
	address string

	mu     sync.Mutex
	sent   int64
	breaks []int64 // at how many bytes that were sent in all
	broken int
	hold   int64         // at how many bytes nothing moves any more; 0 for never
	held   chan struct{} // closed when nothing moves
	end    chan struct{} // closed to end what is held
}

func newLine(t *testing.T, to string, breaks ...int64) *line {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{address: listener.Addr().String(), breaks: breaks, held: make(chan struct{}), end: make(chan struct{})}
	var serving sync.WaitGroup
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	t.Cleanup(func() { cancel(); _ = listener.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { l.carry(ctx, conn, to) })
		}
	})
	return l
}

// carry copies both ways until either side ends or the line breaks.
func (l *line) carry(ctx context.Context, conn net.Conn, to string) {
	defer conn.Close()
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", to)
	if err != nil {
		return
	}
	defer server.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close(); _ = server.Close() })
	defer stop()
	go func() {
		_, _ = io.Copy(conn, server)
		_ = conn.Close()
	}()
	buffer := make([]byte, 16<<10)
	for {
		n, err := conn.Read(buffer)
		if err != nil || l.breaksAfter(int64(n)) {
			return
		}
		if l.holdsNow() {
			close(l.held)
			select {
			case <-l.end:
			case <-ctx.Done():
			}
			return
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (l *line) breaksAfter(n int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent += n
	if l.broken < len(l.breaks) && l.sent >= l.breaks[l.broken] {
		l.broken++
		return true
	}
	return false
}

// holdAfter has nothing move any more after n bytes.
func (l *line) holdAfter(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hold = n
}

func (l *line) holdsNow() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	holds := l.hold > 0 && l.sent >= l.hold
	if holds {
		l.hold = 0
	}
	return holds
}

func (l *line) cuts() int      { l.mu.Lock(); defer l.mu.Unlock(); return l.broken }
func (l *line) carried() int64 { l.mu.Lock(); defer l.mu.Unlock(); return l.sent }
