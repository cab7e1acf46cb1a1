package blobs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// Config says where the objects are.
type Config struct {
	// Endpoint is the S3 server: host:port, or http://host:port or
	// https://host:port, whose scheme then decides instead of Secure.
	Endpoint string
	// AccessKey and SecretKey are its credentials.
	AccessKey, SecretKey string
	// Bucket is made when it does not exist.
	Bucket string
	// Region of the bucket; empty means us-east-1, which MinIO calls itself.
	Region string
	// Addressing is how the bucket stands in addresses.
	Addressing Addressing
	// Secure asks for HTTPS. CAFile is a PEM file of authorities that are
	// trusted beside those of the system; empty means none.
	Secure bool
	CAFile string
	// Patience is how long the server may take for a call, beyond the time
	// that its bytes need at 256 KiB/s; 0 means 30 s.
	Patience time.Duration
	// Dial makes connections; nil means over the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Addressing is how a bucket stands in addresses.
type Addressing string

// The ways of addressing. The zero value is AddressingAuto.
const (
	// AddressingAuto is by host at Amazon and by path elsewhere.
	AddressingAuto Addressing = "auto"
	// AddressingPath is https://server/bucket/key.
	AddressingPath Addressing = "path"
	// AddressingHost is https://bucket.server/key.
	AddressingHost Addressing = "host"
)

func (a Addressing) lookup() (minio.BucketLookupType, error) {
	switch a {
	case "", AddressingAuto:
		return minio.BucketLookupAuto, nil
	case AddressingPath:
		return minio.BucketLookupPath, nil
	case AddressingHost:
		return minio.BucketLookupDNS, nil
	}
	return 0, fmt.Errorf("blobs: addressing %q: use %s, %s or %s", string(a), AddressingAuto, AddressingPath, AddressingHost)
}

const (
	// defaultPatience is more than a busy server takes for anything.
	defaultPatience = 30 * time.Second
	// dialTimeout is how long a server may take to accept: it is near.
	dialTimeout = 5 * time.Second
	// maxRetries is how often the client tries by itself. It is low, because
	// the caller is a person who waits, and can be told. To try again is
	// always safe: an object is named by its content.
	maxRetries = 2
	// bufferSize of connections suits objects of hundreds of kilobytes.
	bufferSize = 64 << 10
	// maxIdle is how many connections are kept between calls.
	maxIdle = 64
)

// Open returns a Store. It does not contact the server, which may come later;
// see Store.Prepare.
func Open(c Config) (*Store, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	if err := s3utils.CheckValidBucketNameStrict(c.Bucket); err != nil {
		return nil, fmt.Errorf("blobs: the bucket %q: %w", c.Bucket, err)
	}
	lookup, err := c.Addressing.lookup()
	if err != nil {
		return nil, err
	}
	transport, err := c.transport()
	if err != nil {
		return nil, err
	}
	core, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:       c.Secure,
		Region:       c.Region,
		Transport:    transport,
		BucketLookup: lookup,
		MaxRetries:   maxRetries,
	})
	if err != nil {
		return nil, fmt.Errorf("blobs: the address of the object store, %q, must be host:port: %w", c.Endpoint, err)
	}
	return &Store{core: *core, bucket: c.Bucket, region: c.Region, patience: c.Patience, transport: transport}, nil
}

// complete fills in what was left open.
func (c Config) complete() (Config, error) {
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: dialTimeout}).DialContext
	}
	if !strings.Contains(c.Endpoint, "://") {
		return c, nil
	}
	address, err := url.Parse(c.Endpoint)
	if err != nil || address.Host == "" || strings.Trim(address.Path, "/") != "" || (address.Scheme != "http" && address.Scheme != "https") {
		return c, fmt.Errorf("blobs: the address of the object store, %q, must be https://host:port, without a path", c.Endpoint)
	}
	c.Endpoint, c.Secure = address.Host, address.Scheme == "https"
	return c, nil
}

func (c Config) transport() (*http.Transport, error) {
	transport, err := minio.DefaultTransport(c.Secure)
	if err != nil {
		return nil, fmt.Errorf("blobs: prepare connections: %w", err)
	}
	transport.DialContext = c.Dial
	transport.ResponseHeaderTimeout = c.Patience
	transport.MaxIdleConnsPerHost = maxIdle
	transport.ReadBufferSize, transport.WriteBufferSize = bufferSize, bufferSize
	if c.CAFile == "" {
		return transport, nil
	}
	if !c.Secure {
		return nil, errors.New("blobs: a file of certificate authorities is of use with HTTPS only; ask for HTTPS, or leave it out")
	}
	pool, err := authorities(c.CAFile)
	if err != nil {
		return nil, err
	}
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool}
	return transport, nil
}

// authorities are those of the system and those of a PEM file.
func authorities(path string) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a minimal container has none
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("blobs: read the authorities of the object store: %w", err)
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("blobs: %s holds no certificate in PEM form", path)
	}
	return pool, nil
}
