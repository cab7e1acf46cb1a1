package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// address says where the suite is and who we are.
type address struct{ article, media, token, ca, cert, key string }

// suite is a connection to the services that the tool calls.
type suite struct {
	articles articlev1.ArticleServiceClient
	photos   mediav1.MediaServiceClient
	conns    []*grpc.ClientConn
}

// connect prepares the connections; they connect when they are first used, and
// again whenever they break.
func connect(where address) (*suite, error) {
	transport, err := transportOf(where)
	if err != nil {
		return nil, err
	}
	options := []grpc.DialOption{grpc.WithTransportCredentials(transport)}
	if where.token != "" {
		options = append(options, grpc.WithPerRPCCredentials(bearer{file: where.token, plaintext: where.ca == ""}))
	}
	s := &suite{}
	for _, target := range []string{where.article, where.media} {
		conn, err := grpc.NewClient(target, options...)
		if err != nil {
			return nil, errors.Join(err, s.close())
		}
		s.conns = append(s.conns, conn)
	}
	s.articles, s.photos = articlev1.NewArticleServiceClient(s.conns[0]), mediav1.NewMediaServiceClient(s.conns[1])
	return s, nil
}

func (s *suite) close() error {
	var err error
	for _, conn := range s.conns {
		err = errors.Join(err, conn.Close())
	}
	return err
}

// transportOf returns TLS 1.3 with the authority of the installation and, where
// the services ask for one, a certificate of our own.
func transportOf(where address) (credentials.TransportCredentials, error) {
	if where.ca == "" {
		return insecure.NewCredentials(), nil
	}
	pem, err := os.ReadFile(where.ca)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{MinVersion: tls.VersionTLS13, RootCAs: x509.NewCertPool()}
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no PEM certificate", where.ca)
	}
	if where.cert != "" {
		pair, err := tls.LoadX509KeyPair(where.cert, where.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return credentials.NewTLS(config), nil
}

// bearer sends the token in a file, which is read for every call: tokens end,
// and whoever renews ours only writes the file.
type bearer struct {
	file      string
	plaintext bool // on this machine; the services refuse it from another one
}

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	token, err := os.ReadFile(b.file)
	if err != nil {
		return nil, err
	}
	return map[string]string{"authorization": "Bearer " + strings.TrimSpace(string(token))}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials.
func (b bearer) RequireTransportSecurity() bool { return !b.plaintext }
