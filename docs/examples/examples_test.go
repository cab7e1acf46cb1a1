// Package examples_test builds the example programs as their readers would and
// runs them against real services.
package examples_test

import (
	"bytes"
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
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article"
	"github.com/skaitykla/skaitykla/services/media"
)

// The test binary is also the worker that decodes photos.
func TestMain(m *testing.M) {
	if exit, handled := media.WorkerMain(os.Args, os.Stdin, os.Stdout, os.Stderr); handled {
		os.Exit(exit)
	}
	os.Exit(m.Run())
}

// suite is the article and the media service, which take nobody without a
// certificate, and an editor's token.
type suite struct {
	dir, program       string
	article, media     string // addresses
	ca, cert, key      string // files
	token              string // file
	articles, operator articlev1.ArticleServiceClient
}

func (s *suite) file(name string) string { return filepath.Join(s.dir, name) }

func newSuite(t *testing.T) *suite {
	t.Helper()
	s := &suite{dir: t.TempDir()}
	s.program = s.file("tool")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", s.program, ".")
	build.Dir, build.Env = "tool", append(os.Environ(), "GOWORK=off")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the example: %v\n%s", err, output)
	}
	s.certify(t)
	must(t, auth.GenerateKey(s.file("key.pem")))
	issuer, err := auth.LoadIssuer(s.file("key.pem"), "skaitykla", "skaitykla")
	must(t, err)
	must(t, auth.PublishKey(s.file("keys.json"), issuer))
	s.serve(t, issuer)
	s.token = s.file("token")
	must(t, os.WriteFile(s.token, []byte(token(t, issuer, auth.Editor, "sites/biblioteka")+"\n"), 0o600))
	s.articles = s.client(t, token(t, issuer, auth.Editor, "sites/biblioteka"))
	s.operator = s.client(t, token(t, issuer, auth.Operator, auth.EverySite))
	return s
}

func token(t *testing.T, issuer *auth.Issuer, role auth.Role, site string) string {
	t.Helper()
	kind := auth.Person
	if role == auth.Service {
		kind = auth.Machine
	}
	issued, err := issuer.Issue(auth.Principal{ID: string(role) + "@example.lt", Kind: kind, Roles: map[string][]auth.Role{site: {role}}}, time.Hour)
	must(t, err)
	return issued.Text
}

// certify makes an authority and one certificate for everybody.
func (s *suite) certify(t *testing.T) {
	t.Helper()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "skaitykla"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: authority.NotBefore, NotAfter: authority.NotAfter,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	root, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	signed := func(c *x509.Certificate, key *ecdsa.PrivateKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, c, authority, key.Public(), root)
		must(t, err)
		return der
	}
	private, err := x509.MarshalPKCS8PrivateKey(own)
	must(t, err)
	write := func(name, kind string, der []byte) string {
		must(t, os.WriteFile(s.file(name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return s.file(name)
	}
	s.ca = write("ca.pem", "CERTIFICATE", signed(authority, root))
	s.cert = write("cert.pem", "CERTIFICATE", signed(leaf, own))
	s.key = write("cert.key", "PRIVATE KEY", private)
}

// serve starts the services as their binaries do.
func (s *suite) serve(t *testing.T, issuer *auth.Issuer) {
	t.Helper()
	objects := miniotest.Start(t)
	var listeners [2]net.Listener
	for i, address := range []*string{&s.article, &s.media} {
		l, err := run.Listen(t.Context(), "127.0.0.1:0")
		must(t, err)
		listeners[i], *address = l, l.Addr().String()
	}
	must(t, os.WriteFile(s.file("service.token"), []byte(token(t, issuer, auth.Service, auth.EverySite)), 0o600))
	env := map[string]string{
		"SKAITYKLA_ARTICLE_ADDR": s.article, "SKAITYKLA_MEDIA_ADDR": s.media,
		"SKAITYKLA_ARTICLE_STORE": "bolt://" + s.file("article.db"), "SKAITYKLA_MEDIA_STORE": "bolt://" + s.file("media.db"),
		"SKAITYKLA_ARTICLE_TOKEN_FILE": s.file("service.token"), "SKAITYKLA_MEDIA_TOKEN_FILE": s.file("service.token"),
		"SKAITYKLA_TOKEN_KEYS": s.file("keys.json"), "SKAITYKLA_MEDIA_SPOOL_DIR": s.dir,
		"SKAITYKLA_TLS_CERT_FILE": s.cert, "SKAITYKLA_TLS_KEY_FILE": s.key, "SKAITYKLA_TLS_CA_FILE": s.ca,
		"SKAITYKLA_S3_ENDPOINT": objects.Endpoint, "SKAITYKLA_S3_ACCESS_KEY": objects.AccessKey, "SKAITYKLA_S3_SECRET_KEY": objects.SecretKey,
	}
	articles, err := run.Load[article.Config](func(name string) string { return env[name] })
	must(t, err)
	photos, err := run.Load[media.Config](func(name string) string { return env[name] })
	must(t, err)
	for i, config := range []*host.Config{&articles.Config, &photos.Config} {
		config.Log, config.Listener = testkit.Log(t), listeners[i]
	}
	start(t, func(ctx context.Context) error { return article.Run(ctx, articles) })
	start(t, func(ctx context.Context) error { return media.Run(ctx, photos) })
}

func start(t *testing.T, serve func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("a service ended with: %v", err)
		}
	})
}

// client calls the article service with a token.
func (s *suite) client(t *testing.T, token string) articlev1.ArticleServiceClient {
	t.Helper()
	secured, err := rpc.TLSFiles{Cert: s.cert, Key: s.key, CA: s.ca}.Client()
	must(t, err)
	conn, err := rpc.Dial(rpc.Target{Address: s.article, TLS: secured, Tokens: fixed(token)}, grpc.WithDefaultCallOptions(grpc.WaitForReady(true)))
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return articlev1.NewArticleServiceClient(conn)
}

type fixed string

func (f fixed) Token(context.Context) (string, error) { return string(f), nil }

// command returns the example with its flags.
func (s *suite) command(t *testing.T, words ...string) *exec.Cmd {
	t.Helper()
	args := []string{
		"-article", s.article, "-media", s.media, "-token-file", s.token, "-ca", s.ca, "-cert", s.cert, "-key", s.key,
	}
	return exec.CommandContext(t.Context(), s.program, append(args, words...)...)
}

// run runs the example to its end.
func (s *suite) run(t *testing.T, words ...string) (output string, ok bool) {
	t.Helper()
	var both bytes.Buffer
	c := s.command(t, words...)
	c.Stdout, c.Stderr = &both, &both
	err := c.Run()
	return both.String(), err == nil
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
