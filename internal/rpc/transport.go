package rpc

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
)

// TLSFiles names the PEM files of a process's certificates.
type TLSFiles struct {
	// Cert and Key are the process's own certificate chain and key.
	Cert, Key string
	// CA are the authorities that the other side's certificate must come
	// from. On a server it makes client certificates required (mTLS).
	CA string
}

// Server returns the TLS config of a listener; nil when no file is named.
func (f TLSFiles) Server() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil //nolint:nilnil // no TLS is a choice, not an error
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13}
	if f.Cert == "" || f.Key == "" {
		return nil, errors.New("TLS needs both a certificate file and a key file")
	}
	if err := f.load(config); err != nil {
		return nil, err
	}
	if config.RootCAs != nil {
		config.ClientCAs, config.RootCAs = config.RootCAs, nil
		config.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return config, nil
}

// Client returns the TLS config of a connection; nil when no file is named.
func (f TLSFiles) Client() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil //nolint:nilnil // no TLS is a choice, not an error
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13}
	if err := f.load(config); err != nil {
		return nil, err
	}
	return config, nil
}

func (f TLSFiles) load(config *tls.Config) error {
	if f.Cert != "" || f.Key != "" {
		pair, err := tls.LoadX509KeyPair(f.Cert, f.Key)
		if err != nil {
			return fmt.Errorf("load certificate %s with key %s: %w", f.Cert, f.Key, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if f.CA == "" {
		return nil
	}
	pem, err := os.ReadFile(f.CA)
	if err != nil {
		return fmt.Errorf("read certificate authorities: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return fmt.Errorf("%s holds no PEM certificate", f.CA)
	}
	return nil
}

// loopback reports whether an address does not leave the machine: a loopback
// address, a unix socket or a connection inside the process.
func loopback(addr net.Addr) bool {
	if addr == nil {
		return false
	}
	switch addr.Network() {
	case "unix", "bufconn", "pipe":
		return true
	}
	ap, err := netip.ParseAddrPort(addr.String())
	return err == nil && ap.Addr().Unmap().IsLoopback()
}

// loopbackTarget is loopback for a gRPC target. Only addresses written as
// numbers, "localhost" and unix sockets count: other names may change.
func loopbackTarget(target string) bool {
	for _, scheme := range []string{"unix:", "unix-abstract:"} {
		if strings.HasPrefix(target, scheme) {
			return true
		}
	}
	target = strings.TrimPrefix(strings.TrimPrefix(target, "dns:///"), "passthrough:///")
	if target == "bufconn" {
		return true
	}
	host, _, err := net.SplitHostPort(target)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
