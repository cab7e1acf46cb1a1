package miniotest

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Proxy stands between clients and a server and misbehaves as networks and
// servers do. It passes bytes on unchanged until it is told otherwise.
type Proxy struct {
	// Addr is where it listens, host:port.
	Addr string

	target string
	mu     sync.Mutex
	mode   Mode
	conns  map[net.Conn]struct{}
	lost   int
	work   sync.WaitGroup
}

// Mode is how a Proxy treats connections. The zero value passes bytes on.
type Mode struct {
	// Down ends every connection at once.
	Down bool
	// Silent takes requests and never answers.
	Silent bool
	// Rate is how many bytes per second go each way on a connection; 0 means
	// as many as come.
	Rate int
	// LoseReplies is how many connections are ended when the server begins to
	// answer on them: it has done what it was asked, and nobody learns.
	LoseReplies int
	// CutAfter ends a connection when the server has sent that many bytes on
	// it; 0 means never.
	CutAfter int
}

// NewProxy starts a proxy in front of target, host:port. It ends with the test.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("start a proxy: %v", err)
	}
	p := &Proxy{Addr: listener.Addr().String(), target: target, conns: make(map[net.Conn]struct{})}
	p.work.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.work.Go(func() { p.serve(conn) })
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		p.Set(Mode{Down: true})
		p.work.Wait()
	})
	return p
}

// Set changes the mode, and ends the connections that there are.
func (p *Proxy) Set(m Mode) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = m
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// Lost returns how many replies were lost so far.
func (p *Proxy) Lost() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lost
}

// serve copies both ways until one side ends.
func (p *Proxy) serve(client net.Conn) {
	defer p.forget(client)
	mode, ok := p.remember(client)
	if !ok {
		return
	}
	server, err := net.Dial("tcp", p.target) //nolint:noctx // ended by closing
	if err != nil {
		return
	}
	defer p.forget(server)
	if _, ok := p.remember(server); !ok {
		return
	}
	p.work.Go(func() {
		defer func() { _ = client.Close(); _ = server.Close() }()
		p.carry(server, client, mode.Rate, nil)
	})
	sent := 0
	p.carry(client, server, mode.Rate, func(n int) fate {
		sent += n
		return p.fate(mode, sent)
	})
	_ = server.Close()
	_ = client.Close()
}

// fate is what becomes of a piece that the server sent.
type fate int

const (
	passed fate = iota
	dropped
	cut
)

func (p *Proxy) fate(m Mode, sent int) fate {
	if m.CutAfter > 0 && sent > m.CutAfter {
		return cut
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode.LoseReplies > 0 {
		p.mode.LoseReplies--
		p.lost++
		return cut
	}
	if m.Silent {
		return dropped
	}
	return passed
}

// carry copies from one connection to the other at most rate bytes a second,
// until either ends or decide, told the size of each piece, says so.
func (p *Proxy) carry(to, from net.Conn, rate int, decide func(n int) fate) {
	const perSecond = 10 // pieces of a slow connection
	buffer := make([]byte, 32<<10)
	if rate > 0 {
		buffer = buffer[:max(1, rate/perSecond)]
	}
	for {
		n, err := from.Read(buffer)
		if n > 0 && decide != nil {
			switch decide(n) {
			case passed:
			case dropped:
				continue
			case cut:
				return
			}
		}
		if rate > 0 {
			<-time.After(time.Second / perSecond)
		}
		if _, writeErr := to.Write(buffer[:n]); writeErr != nil {
			return
		}
		if err != nil {
			if half, ok := to.(*net.TCPConn); ok && err == io.EOF { //nolint:errorlint // net.Conn returns it bare
				_ = half.CloseWrite()
			}
			return
		}
	}
}

// remember adds a connection, unless none is wanted.
func (p *Proxy) remember(conn net.Conn) (Mode, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode.Down {
		return Mode{}, false
	}
	p.conns[conn] = struct{}{}
	return p.mode, true
}

func (p *Proxy) forget(conn net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
	_ = conn.Close()
}
