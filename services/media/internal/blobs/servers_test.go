package blobs_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/versitytest"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

var objects miniotest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	objects.Close()
	os.Exit(code)
}

// server is an S3 server and how to reach it.
type server struct {
	name   string
	config func(t *testing.T) blobs.Config
	// variant is another way to reach the same server.
	variant bool
}

// servers are those that everything must work with.
func servers() []server {
	return []server{
		{"MinIO", minioConfig, false},
		{"Versity gateway", func(t *testing.T) blobs.Config {
			t.Helper()
			return versityConfig(versitytest.Start(t, versitytest.Options{}))
		}, false},
		{"Versity gateway over TLS by an authority of its own", func(t *testing.T) blobs.Config {
			t.Helper()
			ca, cert, key := certificates(t)
			c := versityConfig(versitytest.Start(t, versitytest.Options{Cert: cert, Key: key}))
			c.Endpoint, c.CAFile = "https://"+c.Endpoint, ca
			return c
		}, true},
		{"Versity gateway with buckets as hosts", func(t *testing.T) blobs.Config {
			t.Helper()
			c := versityConfig(versitytest.Start(t, versitytest.Options{Domain: "s3.test"}))
			there := c.Endpoint
			_, port, err := net.SplitHostPort(there)
			if err != nil {
				t.Fatal(err)
			}
			c.Endpoint, c.Addressing = net.JoinHostPort("s3.test", port), blobs.AddressingHost
			c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, there)
			}
			return c
		}, true},
	}
}

func minioConfig(t *testing.T) blobs.Config {
	t.Helper()
	s := objects.Server(t)
	return blobs.Config{Endpoint: s.Endpoint, AccessKey: s.AccessKey, SecretKey: s.SecretKey, Bucket: "photos-" + uuid.NewString()}
}

func versityConfig(s *versitytest.Server) blobs.Config {
	return blobs.Config{Endpoint: s.Endpoint, AccessKey: s.AccessKey, SecretKey: s.SecretKey, Bucket: "photos-" + uuid.NewString()}
}

// certificates makes an authority and a certificate of it for 127.0.0.1, and
// returns their files.
func certificates(t *testing.T) (ca, cert, key string) {
	t.Helper()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Bibliotekos institucija"}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour),
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "s3"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	root, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	rootDER, err := x509.CreateCertificate(rand.Reader, authority, authority, root.Public(), root)
	must(t, err)
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, authority, own.Public(), root)
	must(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(own)
	must(t, err)
	dir := t.TempDir()
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	return write("ca.pem", "CERTIFICATE", rootDER), write("cert.pem", "CERTIFICATE", leafDER), write("key.pem", "PRIVATE KEY", keyDER)
}

func open(t *testing.T, c blobs.Config) *blobs.Store {
	t.Helper()
	s, err := blobs.Open(c)
	must(t, err)
	t.Cleanup(s.Close)
	return s
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
