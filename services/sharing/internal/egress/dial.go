package egress

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
)

// dialer makes connections, with and without TLS.
type dialer struct {
	tcp *net.Dialer
	tls *tls.Config
}

func (d *dialer) plain(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.tcp.DialContext(ctx, network, address)
	if err != nil {
		return nil, &dialError{class: ClassConnect, err: err}
	}
	return newPatient(conn), nil
}

func (d *dialer) secure(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d.tcp.DialContext(ctx, network, address)
	if err != nil {
		return nil, &dialError{class: ClassConnect, err: err}
	}
	config := d.tls.Clone()
	if config.ServerName, _, err = net.SplitHostPort(address); err == nil {
		secured := tls.Client(conn, config)
		if err = secured.HandshakeContext(ctx); err == nil {
			return newPatient(secured), nil
		}
	}
	_ = conn.Close()
	return nil, &dialError{class: ClassTLS, err: err}
}

// patient is a connection that listens only after it has spoken. What a
// receiver says before it was asked is no answer, and net/http would write it
// into the log of the process.
type patient struct {
	net.Conn
	spoke chan struct{}
	once  *sync.Once
}

func newPatient(conn net.Conn) net.Conn {
	return patient{Conn: conn, spoke: make(chan struct{}), once: &sync.Once{}}
}

func (p patient) open() { p.once.Do(func() { close(p.spoke) }) }

// Read waits for the first Write, or for Close.
func (p patient) Read(b []byte) (int, error) {
	<-p.spoke
	return p.Conn.Read(b)
}

func (p patient) Write(b []byte) (int, error) {
	p.open()
	return p.Conn.Write(b)
}

func (p patient) Close() error {
	p.open()
	return p.Conn.Close()
}
