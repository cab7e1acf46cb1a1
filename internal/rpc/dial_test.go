package rpc_test

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
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// authority makes certificates for 127.0.0.1.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	a.cert, a.key = a.sign(t, "ca", &x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign})
	return a
}

func (a *authority) sign(t *testing.T, name string, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ok(t, err)
	template.SerialNumber, template.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: name}
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	ok(t, err)
	cert, err := x509.ParseCertificate(der)
	ok(t, err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	ok(t, err)
	for file, block := range map[string]*pem.Block{
		name + ".pem": {Type: "CERTIFICATE", Bytes: der}, name + ".key": {Type: "PRIVATE KEY", Bytes: keyDER},
	} {
		ok(t, os.WriteFile(filepath.Join(a.dir, file), pem.EncodeToMemory(block), 0o600))
	}
	return cert, key
}

// files returns the files of a process with a certificate of its own.
func (a *authority) files(t *testing.T, name string) rpc.TLSFiles {
	t.Helper()
	a.sign(t, name, &x509.Certificate{
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	path := func(file string) string { return filepath.Join(a.dir, file) }
	return rpc.TLSFiles{Cert: path(name + ".pem"), Key: path(name + ".key"), CA: path("ca.pem")}
}

func TestMutualTLS(t *testing.T) {
	ca, kit := newAuthority(t), testkit.New(t)
	config, err := ca.files(t, "article").Server()
	ok(t, err)
	a := &articles{get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return &articlev1.Article{Title: auth.FromContext(ctx).ID}, nil
	}}
	server, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t), Verifier: kit.Verifier(), TLS: config}, a.register)
	ok(t, err)
	// From elsewhere: over TLS a token is fine all the same.
	address := serveTCP(t, server, func(l net.Listener) net.Listener { return fromElsewhere{l} })
	call := func(files rpc.TLSFiles) (*articlev1.Article, error) {
		t.Helper()
		client, err := files.Client()
		ok(t, err)
		conn, err := rpc.Dial(rpc.Target{Address: address, TLS: client, Tokens: static(kit.Token(testkit.PrincipalOf(auth.Editor)))})
		ok(t, err)
		defer conn.Close()
		return get(t, articlev1.NewArticleServiceClient(conn))
	}
	good := ca.files(t, "gateway")
	got, err := call(good)
	ok(t, err)
	if got.GetTitle() != "editor@example.lt" {
		t.Errorf("got principal %q", got.GetTitle())
	}
	_, err = call(rpc.TLSFiles{CA: good.CA})
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
	stranger := newAuthority(t).files(t, "stranger")
	stranger.CA = good.CA
	_, err = call(stranger)
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
}

// static is a token source of one token.
type static string

// Token implements rpc.TokenSource.
func (s static) Token(context.Context) (string, error) { return string(s), nil }

func TestTLSFilesThatAreWrong(t *testing.T) {
	good := newAuthority(t).files(t, "a")
	for name, files := range map[string]rpc.TLSFiles{
		"no key":        {Cert: good.Cert},
		"no cert":       {CA: good.CA},
		"absent":        {Cert: good.Cert + "x", Key: good.Key},
		"CA of no PEM":  {Cert: good.Cert, Key: good.Key, CA: good.Key},
		"CA not there":  {Cert: good.Cert, Key: good.Key, CA: "absent.pem"},
		"key as a cert": {Cert: good.Key, Key: good.Key},
	} {
		if config, err := files.Server(); err == nil {
			t.Errorf("%s: got %v", name, config)
		}
	}
	if config, err := (rpc.TLSFiles{}).Server(); config != nil || err != nil {
		t.Errorf("none: got %v, %v", config, err)
	}
}

func TestDialKeepsPlaintextAtHome(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1:7001": true, "[::1]:7001": true, "localhost:7001": true, "dns:///127.0.0.1:7001": true,
		"unix:/run/skaitykla/article.sock": true, "article:7001": false, "192.0.2.7:7001": false,
		"dns:///article.example.lt:7001": false, "localhost.example.lt:7001": false, "127.0.0.1.example.lt:7001": false,
	} {
		conn, err := rpc.Dial(rpc.Target{Address: address})
		if (err == nil) != allowed {
			t.Errorf("%s: got error %v, want allowed %t", address, err, allowed)
		}
		if err == nil {
			ok(t, conn.Close())
		}
	}
}

func TestInsecureDialSendsNoToken(t *testing.T) {
	conn, err := rpc.Dial(rpc.Target{Address: "article.invalid:7001", Insecure: true, Tokens: static("secret")})
	ok(t, err)
	defer conn.Close()
	_, err = get(t, articlev1.NewArticleServiceClient(conn))
	if e := rpc.FromStatus(err); e.Reason != faultv1.Reason_REASON_INSECURE_TRANSPORT {
		t.Errorf("got %v", err)
	}
}

// A forwarded call has the caller's rights, never those of the process between.
func TestForward(t *testing.T) {
	kit := testkit.New(t)
	inner := &articles{get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		return &articlev1.Article{Title: strings.Join([]string{
			auth.FromContext(ctx).ID, rpc.RequestID(ctx), strings.Join(md.Get("accept-language"), ","), strings.Join(md.Get("if-match"), ","),
		}, "|")}, nil
	}}
	onward := articlev1.NewArticleServiceClient(kit.Serve(rpc.Config{}, inner.register).As(auth.Service))
	outer := &articles{get: func(ctx context.Context, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return onward.GetArticle(rpc.Forward(ctx), req)
	}}
	server := kit.Serve(rpc.Config{}, outer.register)
	for role, want := range map[auth.Role]string{
		auth.Author: `author@example.lt|r-1|lt|"e"`, auth.Anonymous: `|r-1|lt|"e"`,
	} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "r-1", "accept-language", "lt", "if-match", `"e"`)
		got, err := articlev1.NewArticleServiceClient(server.As(role)).GetArticle(ctx, &articlev1.GetArticleRequest{Name: articleName})
		ok(t, err)
		if got.GetTitle() != want {
			t.Errorf("%s: got %s, want %s", role, got.GetTitle(), want)
		}
	}
}
